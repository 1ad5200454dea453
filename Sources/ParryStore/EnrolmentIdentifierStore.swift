package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `enrolment_identifier`: who holds which descriptor, BIN + CAID or ARN. It belongs to no
/// organisation, because an identifier is unique over all of them.
package struct EnrolmentIdentifierStore {
    /// "ENID": the lock under which it is seen who holds an identifier.
    private static let lock: Int64 = 0x454E_4944

    /// The partners with an enrolment in this mode that holds one of the identifiers. Until the transaction
    /// ends nobody else can ask, so that two enrolments at once cannot both find one free.
    package static func holders(
        of configuration: EnrolmentConfiguration, mode: AccountMode, _ tx: any WriteTransaction
    ) throws -> Set<PartnerID> {
        try tx.waitAlone(lock)
        return Set(
            try tx.rows(
                """
                SELECT DISTINCT partner_id FROM enrolment_identifier
                WHERE mode = \(mode.rawValue) AND type = \(configuration.type.rawValue)
                AND is_held = 1 AND identifier IN \(anyOf: configuration.identifiers)
                """
            ) { PartnerID(stored: try $0.text()) })
    }

    static func hold(
        _ enrolment: Enrolment, mode: AccountMode, partner: PartnerID, _ tx: any WriteTransaction
    ) throws {
        for identifier in enrolment.configuration.identifiers {
            try tx.execute(
                """
                INSERT INTO enrolment_identifier
                    (mode, type, identifier, enrolment_id, partner_id, is_held)
                VALUES (\(mode.rawValue), \(enrolment.type.rawValue), \(identifier),
                    \(enrolment.id.text), \(partner.text), 1)
                ON CONFLICT (mode, type, identifier, enrolment_id) DO UPDATE SET is_held = 1
                """)
        }
    }

    /// The identifiers are free for others; alerts that still come for them find who had them.
    static func release(_ enrolment: EnrolmentID, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            UPDATE enrolment_identifier SET is_held = 0 WHERE enrolment_id = \(enrolment.text)
            """)
    }

    /// The enrolments that have, or had, an identifier that begins so, the newest first: a statement may have cut it.
    package static func enrolments(
        beginningWith text: String, type: EnrolmentType, mode: AccountMode,
        _ tx: any ReadTransaction
    ) throws -> [EnrolmentID] {
        try tx.rows(
            """
            SELECT enrolment_id FROM enrolment_identifier
            WHERE mode = \(mode.rawValue) AND type = \(type.rawValue)
            AND identifier >= \(text) AND identifier < \(text + "\u{10FFFF}") GROUP BY enrolment_id
            ORDER BY max(is_held) DESC, enrolment_id DESC LIMIT \(Limits.enrolmentsRoutedMax)
            """
        ) { EnrolmentID(stored: try $0.text()) }
    }

    /// Brings descriptors that were stored before into the spelling in which they are looked up now.
    @Sendable
    static func respell(_ tx: any WriteTransaction) throws {
        let type = EnrolmentType.ethocaAlert.rawValue
        let rows = try tx.rows(
            """
            SELECT mode, identifier, enrolment_id, partner_id FROM enrolment_identifier
            WHERE type = \(type)
            """
        ) { (try $0.text(), try $0.text(), try $0.text(), try $0.text()) }
        for (mode, identifier, enrolment, partner) in rows {
            let key = StatementDescriptor.key(identifier)
            guard key != identifier else { continue }
            try tx.execute(
                """
                INSERT INTO enrolment_identifier
                    (mode, type, identifier, enrolment_id, partner_id, is_held)
                VALUES (\(mode), \(type), \(key), \(enrolment), \(partner), 1)
                ON CONFLICT DO NOTHING
                """)
            try tx.execute(
                """
                DELETE FROM enrolment_identifier WHERE mode = \(mode) AND type = \(type)
                AND identifier = \(identifier) AND enrolment_id = \(enrolment)
                """)
        }
    }

    /// The enrolments that have, or had, one of these identifiers in this mode: those that hold it first, then
    /// the newest.
    package static func enrolments(
        of identifiers: [String], type: EnrolmentType, mode: AccountMode, _ tx: any ReadTransaction
    ) throws -> [EnrolmentID] {
        try tx.rows(
            """
            SELECT enrolment_id FROM enrolment_identifier
            WHERE mode = \(mode.rawValue) AND type = \(type.rawValue)
            AND identifier IN \(anyOf: identifiers) GROUP BY enrolment_id
            ORDER BY max(is_held) DESC, enrolment_id DESC LIMIT \(Limits.enrolmentsRoutedMax)
            """
        ) { EnrolmentID(stored: try $0.text()) }
    }
}

extension EnrolmentConfiguration {
    /// What the network tells merchants apart by, in one spelling.
    var identifiers: [String] {
        switch self {
        case .ethocaAlert(let descriptors):
            descriptors.map { StatementDescriptor.key($0.text) }
        case .verifiRDR(.acquirer(let bin, let caid)): [bin + ":" + caid.uppercased()]
        case .verifiRDR(.arns(let arns)): arns
        }
    }
}
