package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// The groups of a partner: which organisations each sees, and who belongs to it. Of administrators alone.
package struct GroupService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// A group, whole.
    package struct Details: Sendable {
        package let group: PartnerGroup
        package let members: [Person]
    }

    /// The groups of the principal's partner, the admin group first.
    ///
    /// - Throws: ``NotFound`` for everybody but administrators.
    package func list(by principal: Principal) async throws -> [GroupStore.Summary] {
        let partner = try Self.partner(of: principal)
        return try await database.read { try GroupStore.list(of: partner, $0) }
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: PartnerGroupID, by principal: Principal) async throws -> Details {
        try await database.read { tx in
            Details(
                group: try Self.load(id, by: principal, tx),
                members: try PersonStore.members(of: id, tx))
        }
    }

    /// Adds a restricted group, which sees no organisation yet.
    ///
    /// - Throws: ``NotFound`` for everybody but administrators.
    package func create(
        name: String, by principal: Principal, now: Timestamp
    ) async throws -> PartnerGroup {
        let partner = try Self.partner(of: principal)
        return try await database.write { tx in
            let group = PartnerGroup(
                id: .make(at: now, slot: 0), partnerID: partner, name: name, isAdmin: false,
                createdAt: now)
            try AccountStore.insert(group, organisations: [], tx)
            return group
        }
    }

    /// Renames a group.
    ///
    /// - Throws: ``NotFound``.
    package func rename(
        _ id: PartnerGroupID, to name: String, by principal: Principal
    ) async throws -> PartnerGroup {
        try await database.write { tx in
            let group = try Self.load(id, by: principal, tx)
            if group.name != name { try GroupStore.rename(id, to: name, tx) }
            return group
        }
    }

    /// The partner's organisations whose name holds a text, and whether the group sees them; those that it sees first.
    ///
    /// - Throws: ``NotFound``.
    package func organisations(
        of id: PartnerGroupID, name: String, page: Page, by principal: Principal
    ) async throws -> Listing<GroupStore.Assignment> {
        try await database.read { tx in
            let group = try Self.load(id, by: principal, tx)
            return try GroupStore.assignments(of: group, name: name, page: page, tx)
        }
    }

    /// Of the organisations that were shown, assigns the chosen ones and takes the others away; what was not shown stays.
    /// The admin group sees all anyway.
    ///
    /// - Throws: ``NotFound`` for an organisation that is not the partner's.
    package func assign(
        _ chosen: Set<OrganisationID>, of shown: Set<OrganisationID>, to id: PartnerGroupID,
        by principal: Principal
    ) async throws -> PartnerGroup {
        try await database.write { tx in
            let group = try Self.load(id, by: principal, tx)
            guard !group.isAdmin else { return group }
            let added = chosen.map(\.text)
            let known = try OrganisationStore.names(of: added, for: principal.owner, tx)
            guard known.count == added.count else { throw NotFound("organisation") }
            try GroupStore.assign(Array(chosen), to: id, tx)
            try GroupStore.unassign(Array(shown.subtracting(chosen)), from: id, tx)
            return group
        }
    }

    /// Takes a person out of a group, an open invitation to it included; the person's other accounts stay.
    ///
    /// The group's row is locked, so that of two administrators who take each other out at once one stays. An operator
    /// may take out the last one, and invites the next.
    ///
    /// - Throws: ``NotFound``, ``GroupError/lastAdministrator``.
    package func remove(
        _ person: PersonID, from id: PartnerGroupID, by principal: Principal
    ) async throws -> PartnerGroup {
        try await database.write { tx in
            let group = try Self.load(id, by: principal, lock: .update, tx)
            let members = try PersonStore.members(of: id, tx).map(\.id)
            if group.isAdmin, members == [person], try !Self.isOperator(principal, tx) {
                throw GroupError.lastAdministrator
            }
            guard try GroupStore.remove(person, from: id, tx) else { throw NotFound("person") }
            try PersonStore.withdraw(.group(id), of: person, tx)
            return group
        }
    }

    private static func isOperator(
        _ principal: Principal, _ tx: any ReadTransaction
    ) throws -> Bool {
        switch principal.actor {
        case .person(let id): try PersonStore.find(id, tx)?.isOperator ?? false
        case .command: true
        case .key, .visitor: false
        }
    }

    private static func partner(of principal: Principal) throws -> PartnerID {
        guard case .adminGroup(_, let partner) = principal.owner else {
            throw NotFound("partner group")
        }
        return partner
    }

    /// - Throws: ``NotFound`` for a group of another partner, and for everybody but administrators.
    @discardableResult
    static func load(
        _ id: PartnerGroupID, by principal: Principal, lock: RowLock = .none,
        _ tx: any ReadTransaction
    ) throws -> PartnerGroup {
        let partner = try partner(of: principal)
        guard let group = try AccountStore.group(id, lock: lock, tx), group.partnerID == partner
        else { throw NotFound("partner group") }
        return group
    }
}

/// Why a group is not changed.
package enum GroupError: Error, Equatable {
    /// Without the last administrator nobody of the partner could come back.
    case lastAdministrator
}
