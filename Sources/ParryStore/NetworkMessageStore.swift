package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `network_message`: what the networks sent, exactly as it came.
package struct NetworkMessageStore {
    /// What a message is about.
    package enum Kind: String, Sendable {
        case alert = "ALERT"
        case enrolment = "ENROLMENT"
        case decision = "DECISION"
        case notification = "NOTIFICATION"
    }

    /// What a message is known by, to us and to the network.
    package struct Key: Sendable, Hashable {
        package let mode: AccountMode
        package let network: CardNetwork
        package let kind: Kind
        /// The network's own id; a repeated one is the same message.
        package let networkID: String

        package init(
            mode: AccountMode, network: CardNetwork, kind: Kind, networkID: String
        ) {
            self.mode = mode
            self.network = network
            self.kind = kind
            self.networkID = networkID
        }

        /// Spreads messages, which belong to nobody yet, over all slots: FNV-1a, which every process computes
        /// alike.
        var slot: Int {
            let hash = Self.hash("\(mode.rawValue) \(network.rawValue) \(networkID)")
            return Int(hash % UInt64(IdentifierLayout.slotMax + 1))
        }

        fileprivate static func hash(_ name: String) -> UInt64 {
            name.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
                (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
    }

    /// Keeps a message; of two transactions with the same one the second waits for the first.
    ///
    /// - Returns: Its id, or nil when it is kept already.
    package static func insert(
        _ key: Key, body: [UInt8], receivedAt: Timestamp, _ tx: any WriteTransaction
    ) throws -> NetworkMessageID? {
        let id = NetworkMessageID.make(at: receivedAt, slot: key.slot)
        return try tx.row(
            """
            INSERT INTO network_message
                (id, slot, mode, network, kind, network_id, body, fate, received_at)
            VALUES (\(id.text), \(id.slot), \(key.mode.rawValue), \(key.network.rawValue),
                \(key.kind.rawValue), \(key.networkID), \(String(decoding: body, as: UTF8.self)),
                'RECEIVED', \(receivedAt.milliseconds))
            ON CONFLICT DO NOTHING RETURNING id
            """
        ) { NetworkMessageID(stored: try $0.text()) }
    }

    /// Keeps a question with its answer.
    ///
    /// - Returns: What it was answered before, if it was; the first answer stays.
    package static func answer(
        _ key: Key, body: [UInt8], with answer: String, at now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> String? {
        let id = NetworkMessageID.make(at: now, slot: key.slot)
        let isNew =
            try tx.execute(
                """
                INSERT INTO network_message
                    (id, slot, mode, network, kind, network_id, body, fate, received_at, answer)
                VALUES (\(id.text), \(id.slot), \(key.mode.rawValue), \(key.network.rawValue),
                    \(key.kind.rawValue), \(key.networkID), \(String(decoding: body, as: UTF8.self)),
                    'APPLIED', \(now.milliseconds), \(answer))
                ON CONFLICT DO NOTHING
                """) == 1
        return isNew ? nil : try self.answer(to: key, tx)
    }

    /// Keeps the answer that was really given to a question, in place of one that was only evaluated. Another one that was
    /// given before stays.
    package static func correct(
        _ key: Key, body: [UInt8], from evaluated: String, to answer: String, at now: Timestamp,
        _ tx: any WriteTransaction
    ) throws {
        guard try self.answer(key, body: body, with: answer, at: now, tx) != nil else { return }
        try tx.execute(
            """
            UPDATE network_message SET answer = \(answer)
            WHERE mode = \(key.mode.rawValue) AND network = \(key.network.rawValue)
            AND kind = \(key.kind.rawValue) AND network_id = \(key.networkID)
            AND slot = \(key.slot) AND answer = \(evaluated)
            """)
    }

    /// What a question was answered; nil where it was not asked.
    package static func answer(to key: Key, _ tx: any ReadTransaction) throws -> String? {
        try tx.row(
            """
            SELECT answer FROM network_message
            WHERE mode = \(key.mode.rawValue) AND network = \(key.network.rawValue)
            AND kind = \(key.kind.rawValue) AND network_id = \(key.networkID)
            AND slot = \(key.slot)
            """
        ) { try $0.textOrNull() } ?? nil
    }

    /// What a message has made or changed; nil when there is no such message, or it belongs to nobody.
    package static func subject(
        of key: Key, _ tx: any ReadTransaction
    ) throws -> String? {
        try tx.row(
            """
            SELECT subject_id FROM network_message
            WHERE mode = \(key.mode.rawValue) AND network = \(key.network.rawValue)
            AND kind = \(key.kind.rawValue) AND network_id = \(key.networkID) AND slot = \(key.slot)
            """
        ) { try $0.textOrNull() } ?? nil
    }

    /// Waits until no other transaction works on messages of this name, such as the notices of one case.
    package static func waitAlone(for name: String, _ tx: any WriteTransaction) throws {
        try tx.waitAlone(Int64(bitPattern: Key.hash(name)))
    }

    /// Writes what became of a message: the alert or enrolment that it changed, or that it belongs to nobody.
    package static func settle(
        _ id: NetworkMessageID, _ key: Key, subject: String?, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE network_message SET fate = \(subject == nil ? "UNROUTED" : "APPLIED"),
                subject_id = \(subject)
            WHERE mode = \(key.mode.rawValue) AND network = \(key.network.rawValue)
            AND kind = \(key.kind.rawValue) AND network_id = \(key.networkID)
            AND slot = \(id.slot)
            """)
    }
}
