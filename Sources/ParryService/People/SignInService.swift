package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// Who is at the browser: a person with a live session.
package struct Visitor: Sendable {
    package let person: Person
    package let session: Session
    package let token: SessionToken
}

/// From where somebody signs in, for the person to recognise later.
package struct SignInOrigin: Sendable {
    package let client: String
    package let agent: String

    package init(client: String, agent: String) {
        self.client = String(client.prefix(64))
        self.agent = String(agent.prefix(200))
    }
}

/// Signing in and out, and the sessions that come of it.
package struct SignInService: Sendable {
    let database: any Database
    private let secrets: SecretBox
    private let hasher: PasswordHasher

    package init(database: any Database, secrets: SecretBox, hasher: PasswordHasher) {
        self.database = database
        self.secrets = secrets
        self.hasher = hasher
    }

    /// Signs in with a password; the session's token is new each time.
    ///
    /// - Throws: ``SignInError``. A wrong password is counted, by address, whether or not somebody has it.
    package func signIn(
        email: String, password: String, from origin: SignInOrigin, now: Timestamp
    ) async throws -> Visitor {
        let person = try await prove(email: email, password: password, now: now)
        return try await begin(person, partner: nil, from: origin, now: now)
    }

    /// Signs in through a partner (CONTRACT.md 2.4); opens that partner's organisations alone.
    ///
    /// - Throws: ``SignInError/singleSignOn(_:)``.
    package func signIn(
        through partner: PartnerID, token: String, from origin: SignInOrigin, now: Timestamp
    ) async throws -> Visitor {
        let sealed = try await database.lookUp { try SignOnStore.key(of: partner, $0) }
        guard let key = try sealed.map({ try secrets.open($0, for: partner.text) }) else {
            throw SignInError.singleSignOn(.invalidToken)
        }
        let email = try await SingleSignOn.email(in: token, key: key, now: now)
        let person = try await database.write { tx in
            try SignOnStore.member(email: email, of: partner, now: now, tx)
        }
        return try await begin(person, partner: partner, from: origin, now: now)
    }

    /// Asks for the password again before keys and secrets are shown or made. The browser holds another token
    /// afterwards.
    ///
    /// - Throws: ``SignInError``.
    package func confirm(
        _ visitor: Visitor, password: String, now: Timestamp
    ) async throws -> SessionToken {
        _ = try await prove(email: visitor.person.email, password: password, now: now)
        let token = SessionToken.make()
        try await database.write { tx in
            try SessionStore.confirm(visitor.session.id, hash: token.hash, now: now, tx)
        }
        return token
    }

    /// Who holds this token; nil when its session has ended.
    package func visitor(_ token: SessionToken, now: Timestamp) async throws -> Visitor? {
        let hash = token.hash
        let found = try await database.lookUp { tx -> (Person, Session)? in
            guard let session = try SessionStore.find(hash: hash, tx), session.isLive(at: now),
                let person = try PersonStore.find(session.personID, tx), person.endedAt == nil
            else { return nil }
            return (person, session)
        }
        guard let (person, session) = found else { return nil }
        if session.isUnseen(at: now) {
            try await database.write { try SessionStore.see(session.id, now: now, $0) }
        }
        return Visitor(person: person, session: session, token: token)
    }

    /// The live sessions of a person that came in the same way, by password or through the same partner, newest first.
    package func sessions(of visitor: Visitor, now: Timestamp) async throws -> [Session] {
        let start = now.adding(seconds: -Limits.sessionSecondsMax)
        let id = visitor.person.id
        return try await database.lookUp { try SessionStore.list(of: id, since: start, $0) }
            .filter { $0.isLive(at: now) && $0.partnerID == visitor.session.partnerID }
    }

    /// Ends a session: this browser's, or another of the same person.
    ///
    /// - Throws: ``NotFound``.
    package func end(_ id: SessionID, of person: PersonID, now: Timestamp) async throws {
        try await database.write { tx in
            guard try SessionStore.end(id, of: person, now: now, tx) else {
                throw NotFound("session")
            }
        }
    }

    /// The person whose password it is.
    private func prove(
        email: String, password: String, now: Timestamp
    ) async throws -> Person {
        let found = try await database.lookUp { tx in
            (
                try PersonStore.pace(.password, of: email, tx),
                try PersonStore.credentials(of: email, tx)
            )
        }
        if let wait = found.0?.wait(at: now) { throw SignInError.tooManyTries(seconds: wait) }
        let bounded = String(decoding: password.utf8.prefix(PasswordRule.bytesMax), as: UTF8.self)
        let isRight = try await hasher.isRight(bounded, for: found.1?.password)
        guard isRight, let person = found.1?.person, person.endedAt == nil else {
            try await countFailure(email, now: now)
            throw SignInError.wrongCredentials
        }
        if found.0 != nil {
            try await database.write { try PersonStore.clearPace(of: email, $0) }
        }
        return person
    }

    private func countFailure(_ email: String, now: Timestamp) async throws {
        try await database.write { tx in
            var pace =
                try PersonStore.pace(.password, of: email, lock: .update, tx)
                ?? SignInPace(.password, failures: 0, failedAt: now)
            pace.fail(at: now)
            try PersonStore.setPace(pace, of: email, tx)
        }
    }

    private func begin(
        _ person: Person, partner: PartnerID?, from origin: SignInOrigin, now: Timestamp
    ) async throws -> Visitor {
        let token = SessionToken.make()
        let session = Session(
            id: .make(at: now, slot: 0), personID: person.id, partnerID: partner,
            client: origin.client, agent: origin.agent, createdAt: now, seenAt: now,
            confirmedAt: now)
        try await database.write { try SessionStore.insert(session, hash: token.hash, $0) }
        return Visitor(person: person, session: session, token: token)
    }
}
