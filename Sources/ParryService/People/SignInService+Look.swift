import ParryDatabase
import ParryDomain
import ParryStore
package import ParryWire

extension SignInService {
    /// Who holds a session, without noting that it is used: for what runs by itself on an open page.
    ///
    /// - Returns: nil when it has ended.
    package func look(for token: SessionToken, now: Timestamp) async throws -> Visitor? {
        let hash = token.hash
        return try await database.lookUp { tx in
            guard let session = try SessionStore.find(hash: hash, tx), session.isLive(at: now),
                let person = try PersonStore.find(session.personID, tx), person.endedAt == nil
            else { return nil }
            return Visitor(person: person, session: session, token: token)
        }
    }
}
