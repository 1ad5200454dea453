package import ParryDatabase
package import ParryDomain
package import ParryWire

/// Who is invited, and who took the invitation.
extension PersonStore {
    /// Somebody who has not taken an invitation yet.
    package struct Invited: Sendable {
        package let person: Person
        package let expiresAt: Timestamp
    }

    /// Which of these addresses sign in to an organisation: those of who took its invitation.
    package static func joined(
        _ organisation: OrganisationID, emails: [String], _ tx: any ReadTransaction
    ) throws -> Set<String> {
        let folded = Dictionary(emails.map { (Fold.fold($0), $0) }) { first, _ in first }
        let rows = try tx.rows(
            """
            SELECT p.email_folded FROM person p JOIN person_organisation j ON j.person_id = p.id
            WHERE p.email_folded IN \(anyOf: Array(folded.keys)) AND p.ended_at IS NULL
            AND j.organisation_id = \(organisation.text)
            """
        ) { try $0.text() }
        return Set(rows.compactMap { folded[$0] })
    }

    /// Who is invited to an account and has not come yet, by address.
    package static func invited(
        to purpose: PersonLink.Purpose, now: Timestamp, _ tx: any ReadTransaction
    ) throws -> [Invited] {
        try tx.rows(
            """
            SELECT l.expires_at, \(columns) FROM person p JOIN person_link l ON l.person_id = p.id
            WHERE l.purpose = \(purpose.word) AND l.account_id = \(purpose.accountID)
            AND l.expires_at > \(now.milliseconds) ORDER BY p.email_folded
            """
        ) { row in
            let end = try row.timestamp()
            return Invited(person: try read(&row), expiresAt: end)
        }
    }

    /// Has an invitation no longer work.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    package static func withdraw(
        _ purpose: PersonLink.Purpose, of person: PersonID, _ tx: any WriteTransaction
    ) throws -> Bool {
        try tx.execute(
            """
            DELETE FROM person_link WHERE person_id = \(person.text)
            AND purpose = \(purpose.word) AND account_id = \(purpose.accountID)
            """) > 0
    }
}
