package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `person`, `person_link` and `sign_in_pace`. Of links only hashes are here.
package struct PersonStore {
    static let columns: SQL = """
        p.id, p.email, p.name, p.is_operator, p.password IS NOT NULL AS has_password, p.ended_at,
        p.created_at
        """

    /// The person.
    package static func find(_ id: PersonID, _ tx: any ReadTransaction) throws -> Person? {
        try tx.row("SELECT \(columns) FROM person p WHERE id = \(id.text)", read)
    }

    /// The person with this address, and the hash of the password.
    package static func credentials(
        of email: String, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> (person: Person, password: String?)? {
        try tx.row(
            """
            SELECT p.password, \(columns) FROM person p WHERE email_folded = \(Fold.fold(email))
            \(tx.dialect.suffix(lock))
            """
        ) { row in
            let password = try row.textOrNull()
            return (try read(&row), password)
        }
    }

    /// Every person who runs the installation, by address.
    package static func operators(_ tx: any ReadTransaction) throws -> [Person] {
        try tx.rows(
            """
            SELECT \(columns) FROM person p WHERE is_operator = 1 AND ended_at IS NULL
            ORDER BY email_folded
            """, read)
    }

    /// Everybody, by address.
    package static func all(_ tx: any ReadTransaction) throws -> [Person] {
        try tx.rows("SELECT \(columns) FROM person p ORDER BY email_folded", read)
    }

    /// The members of a group, by address.
    package static func members(
        of group: PartnerGroupID, _ tx: any ReadTransaction
    ) throws -> [Person] {
        try tx.rows(
            """
            SELECT \(columns) FROM person p JOIN group_member m ON m.person_id = p.id
            WHERE m.group_id = \(group.text) AND ended_at IS NULL ORDER BY email_folded
            """, read)
    }

    /// The names of people, for lists that name them.
    package static func names(
        of ids: [String], _ tx: any ReadTransaction
    ) throws -> [String: String] {
        let rows = try tx.rows("SELECT id, name FROM person WHERE id IN \(anyOf: ids)") {
            (try $0.text(), try $0.text())
        }
        return Dictionary(rows) { first, _ in first }
    }

    /// The person with this address, made if there is none.
    package static func findOrInsert(
        _ person: Person, _ tx: any WriteTransaction
    ) throws -> Person {
        try tx.execute(
            """
            INSERT INTO person (id, email, email_folded, name, is_operator, created_at)
            VALUES (\(person.id.text), \(person.email), \(Fold.fold(person.email)),
                \(person.name), \(person.isOperator), \(person.createdAt.milliseconds))
            ON CONFLICT (email_folded) DO NOTHING
            """)
        guard let found = try credentials(of: person.email, tx)?.person else {
            throw DatabaseError(.internalFailure, "a person is not there")
        }
        return found
    }

    /// Makes somebody who runs the installation, or no longer.
    package static func setOperator(
        _ isOperator: Bool, of id: PersonID, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            "UPDATE person SET is_operator = \(isOperator) WHERE id = \(id.text)")
    }

    /// Takes the hash of a password, or none; who had ended may sign in again.
    package static func setPassword(
        _ password: String?, of id: PersonID, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            UPDATE person SET password = \(password), ended_at = NULL WHERE id = \(id.text)
            """)
    }

    /// Has a person no longer sign in, nor belong to any account.
    package static func end(_ id: PersonID, now: Timestamp, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            UPDATE person SET ended_at = \(now.milliseconds), password = NULL, is_operator = 0
            WHERE id = \(id.text)
            """)
        try tx.execute("DELETE FROM person_link WHERE person_id = \(id.text)")
        try tx.execute("DELETE FROM group_member WHERE person_id = \(id.text)")
        try tx.execute("DELETE FROM person_organisation WHERE person_id = \(id.text)")
    }

    static func read(_ row: inout RowReader) throws -> Person {
        Person(
            id: .init(stored: try row.text()), email: try row.text(), name: try row.text(),
            isOperator: try row.boolean(), hasPassword: try row.boolean(),
            endedAt: try row.timestampOrNull(), createdAt: try row.timestamp())
    }
}

/// Links that set a password once.
extension PersonStore {
    /// Adds a link; earlier ones of the person for the same purpose no longer work.
    package static func insertLink(
        hash: String, _ link: PersonLink, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            DELETE FROM person_link WHERE person_id = \(link.personID.text)
            AND purpose = \(link.purpose.word) AND account_id = \(link.purpose.accountID)
            """)
        try tx.execute(
            """
            INSERT INTO person_link
                (hash, person_id, purpose, account_id, expires_at, created_at)
            VALUES (\(hash), \(link.personID.text), \(link.purpose.word),
                \(link.purpose.accountID), \(link.expiresAt.milliseconds), \(now.milliseconds))
            """)
    }

    /// What a link is for, and whose it is, if it can be used.
    package static func linked(
        hash: String, now: Timestamp, _ tx: any ReadTransaction
    ) throws -> (person: Person, link: PersonLink)? {
        try tx.row(
            """
            SELECT l.purpose, l.account_id, l.expires_at, \(columns)
            FROM person p JOIN person_link l ON l.person_id = p.id
            WHERE l.hash = \(hash) AND l.expires_at > \(now.milliseconds)
            """
        ) { row in
            let purpose = PersonLink.Purpose(word: try row.text(), accountID: try row.text())
            let end = try row.timestamp()
            let person = try read(&row)
            return (person, PersonLink(personID: person.id, purpose: purpose, expiresAt: end))
        }
    }

    /// Notes that a person took the invitation of an organisation.
    package static func join(
        _ organisation: String, _ id: PersonID, now: Timestamp, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO person_organisation (person_id, organisation_id, created_at)
            VALUES (\(id.text), \(organisation), \(now.milliseconds)) ON CONFLICT DO NOTHING
            """)
    }

    /// Uses a link up.
    ///
    /// - Returns: Whether it was there still.
    package static func useLink(hash: String, _ tx: any WriteTransaction) throws -> Bool {
        try tx.execute("DELETE FROM person_link WHERE hash = \(hash)") == 1
    }
}

/// Wrong passwords and links that were asked for, by address, whether or not somebody has it: so nobody learns who does.
extension PersonStore {
    /// What is known of this address.
    package static func pace(
        _ kind: SignInPace.Kind, of email: String, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> SignInPace? {
        try tx.row(
            """
            SELECT failures, failed_at FROM sign_in_pace
            WHERE email_folded = \(Fold.fold(email)) AND kind = \(kind.rawValue)
            \(tx.dialect.suffix(lock))
            """
        ) { row in
            SignInPace(kind, failures: try row.integer(), failedAt: try row.timestamp())
        }
    }

    /// Notes a try, and forgets those of long ago.
    package static func setPace(
        _ pace: SignInPace, of email: String, _ tx: any WriteTransaction
    ) throws {
        let forgotten = pace.failedAt.adding(seconds: -Limits.signInMemorySeconds)
        try tx.execute("DELETE FROM sign_in_pace WHERE failed_at < \(forgotten.milliseconds)")
        try tx.execute(
            """
            INSERT INTO sign_in_pace (email_folded, kind, failures, failed_at)
            VALUES (\(Fold.fold(email)), \(pace.kind.rawValue), \(pace.failures),
                \(pace.failedAt.milliseconds))
            ON CONFLICT (email_folded, kind) DO UPDATE SET failures = excluded.failures,
                failed_at = excluded.failed_at
            """)
    }

    /// Forgets all tries after a right password.
    package static func clearPace(of email: String, _ tx: any WriteTransaction) throws {
        try tx.execute("DELETE FROM sign_in_pace WHERE email_folded = \(Fold.fold(email))")
    }
}
