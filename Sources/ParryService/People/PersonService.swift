package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

// An address proves nothing: anybody who may invite can write down anybody's. So what opens an account is the
// invitation that this account gave out, taken by who signs in with the address. Somebody who has invited the same
// address elsewhere, even first, and has set its password, gets nothing by it.

/// People: invited, given a password, taken out.
package struct PersonService: Sendable {
    let database: any Database
    private let hasher: PasswordHasher

    package init(database: any Database, hasher: PasswordHasher) {
        self.database = database
        self.hasher = hasher
    }

    /// A person and a link, which is told here and nowhere else.
    package struct Invitation: Sendable {
        package let person: Person
        package let token: SessionToken
        package let link: PersonLink
    }

    /// Invites somebody to run the installation.
    package func inviteOperator(
        email: String, name: String, now: Timestamp
    ) async throws -> Invitation {
        try await database.write { tx in
            try Self.invite(email: email, name: name, .operator, now: now, tx)
        }
    }

    /// Invites into a group.
    ///
    /// - Throws: ``NotFound`` for a group that is not of the principal's partner.
    package func invite(
        email: String, name: String, to group: PartnerGroupID, by principal: Principal,
        now: Timestamp
    ) async throws -> Invitation {
        try await database.write { tx in
            try GroupService.load(group, by: principal, tx)
            return try Self.invite(email: email, name: name, .group(group), now: now, tx)
        }
    }

    /// Invites a member of an organisation to sign in.
    ///
    /// - Throws: ``NotFound``.
    package func invite(
        member id: MembershipID, by principal: Principal, now: Timestamp
    ) async throws -> Invitation {
        try await database.write { tx in
            guard let member = try MembershipStore.find(id, for: principal.owner, tx) else {
                throw NotFound("membership")
            }
            return try Self.invite(
                email: member.email, name: "\(member.firstName) \(member.lastName)",
                .organisation(member.organisationID), now: now, tx)
        }
    }

    /// A link by which a person sets a new password, for the operator's command.
    ///
    /// - Throws: ``NotFound``.
    package func reset(email: String, now: Timestamp) async throws -> Invitation {
        try await database.write { tx in
            guard let person = try PersonStore.credentials(of: email, tx)?.person else {
                throw NotFound("person")
            }
            return try Self.link(
                person, .reset, seconds: Limits.passwordResetSeconds, now: now, tx)
        }
    }

    private static func invite(
        email: String, name: String, _ purpose: PersonLink.Purpose, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> Invitation {
        let person = try PersonStore.findOrInsert(
            Person(
                id: .make(at: now, slot: 0), email: email, name: name, isOperator: false,
                hasPassword: false, createdAt: now), tx)
        return try link(person, purpose, seconds: Limits.invitationSeconds, now: now, tx)
    }

    static func link(
        _ person: Person, _ purpose: PersonLink.Purpose, seconds: Int64, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> Invitation {
        let token = SessionToken.make()
        let link = PersonLink(
            personID: person.id, purpose: purpose, expiresAt: now.adding(seconds: seconds))
        try PersonStore.insertLink(hash: token.hash, link, now: now, tx)
        return Invitation(person: person, token: token, link: link)
    }

    /// Whether somebody runs the installation yet.
    package func hasOperator() async throws -> Bool {
        try await !database.lookUp { try PersonStore.operators($0) }.isEmpty
    }

    /// Who runs the installation, by address.
    package func operators() async throws -> [Person] {
        try await database.read { try PersonStore.operators($0) }
    }

    /// Everybody, by address, for the operator's command.
    package func list() async throws -> [Person] {
        try await database.read { try PersonStore.all($0) }
    }

    /// Whose link it is, and what for.
    ///
    /// - Throws: ``SignInError/unknownLink``.
    package func linked(
        _ token: SessionToken, now: Timestamp
    ) async throws -> (person: Person, link: PersonLink) {
        let hash = token.hash
        let found = try await database.lookUp {
            try PersonStore.linked(hash: hash, now: now, $0)
        }
        guard let found else { throw SignInError.unknownLink }
        return found
    }

    /// Uses a link up by setting a password, for who has none yet or lost it; every session of the person ends.
    ///
    /// - Throws: ``SignInError``; ``SignInError/linkOfAnother`` for an invitation of somebody who has a password
    ///   and must sign in to take it.
    @discardableResult
    package func setPassword(
        _ password: String, by token: SessionToken, now: Timestamp
    ) async throws -> Person {
        let (person, link) = try await linked(token, now: now)
        guard link.purpose == .reset || !person.hasPassword else {
            throw SignInError.linkOfAnother
        }
        if let weakness = PasswordRule.weakness(of: password, email: person.email) {
            throw SignInError.weakPassword(weakness)
        }
        let stored = try await hasher.hash(password)
        let hash = token.hash
        try await database.write { tx in
            guard try PersonStore.useLink(hash: hash, tx),
                let current = try PersonStore.find(person.id, tx),
                link.purpose == .reset || !current.hasPassword
            else { throw SignInError.unknownLink }
            try PersonStore.setPassword(stored, of: person.id, tx)
            try PersonStore.clearPace(of: person.email, tx)
            try SessionStore.endAll(of: person.id, except: nil, now: now, tx)
            return try Self.open(link, now: now, tx)
        }
        return person
    }

    /// Takes an invitation as who is signed in.
    ///
    /// - Throws: ``SignInError/unknownLink``, ``SignInError/linkOfAnother``.
    package func accept(
        _ token: SessionToken, by visitor: Visitor, now: Timestamp
    ) async throws -> PersonLink {
        let link = try await linked(token, now: now).link
        guard link.personID == visitor.person.id, visitor.session.partnerID == nil else {
            throw SignInError.linkOfAnother
        }
        let hash = token.hash
        try await database.write { tx in
            guard try PersonStore.useLink(hash: hash, tx) else { throw SignInError.unknownLink }
            return try Self.open(link, now: now, tx)
        }
        return link
    }

    /// - Returns: What the audit log names.
    private static func open(
        _ link: PersonLink, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> TakenLink {
        var partner: PartnerID?
        switch link.purpose {
        case .operator: try PersonStore.setOperator(true, of: link.personID, tx)
        case .group(let id):
            try GroupStore.add(link.personID, to: id, now: now, tx)
            partner = try AccountStore.group(id, tx)?.partnerID
        case .organisation(let id):
            try PersonStore.join(id.text, link.personID, now: now, tx)
        case .reset: break
        }
        return TakenLink(link: link, auditedPartner: partner)
    }

    /// Changes the password of who gave the old one just now; the person's other sessions end, and a link that was
    /// mailed for a new one no longer works.
    ///
    /// - Throws: ``SignInError/weakPassword(_:)``.
    package func changePassword(
        of visitor: Visitor, to password: String, now: Timestamp
    ) async throws {
        if let weakness = PasswordRule.weakness(of: password, email: visitor.person.email) {
            throw SignInError.weakPassword(weakness)
        }
        let stored = try await hasher.hash(password)
        try await database.write { tx in
            try PersonStore.setPassword(stored, of: visitor.person.id, tx)
            try PersonStore.withdraw(.reset, of: visitor.person.id, tx)
            try SessionStore.endAll(
                of: visitor.person.id, except: visitor.session.id, now: now, tx)
        }
    }

    /// Has a person no longer sign in, anywhere.
    ///
    /// - Throws: ``NotFound``.
    package func end(email: String, now: Timestamp) async throws -> Person {
        try await database.write { tx in
            guard let person = try PersonStore.credentials(of: email, tx)?.person else {
                throw NotFound("person")
            }
            try PersonStore.end(person.id, now: now, tx)
            try SessionStore.endAll(of: person.id, except: nil, now: now, tx)
            return person
        }
    }
}

/// A link that somebody used up.
private struct TakenLink: AuditSubject, Sendable {
    let link: PersonLink
    let auditedPartner: PartnerID?

    var auditedID: String { link.personID.text }
    var auditedOrganisation: OrganisationID? {
        if case .organisation(let id) = link.purpose { id } else { nil }
    }
}
