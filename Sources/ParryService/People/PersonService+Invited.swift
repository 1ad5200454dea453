import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Who is invited and has not come yet.
extension PersonService {
    /// How the members of an organisation stand to its dashboard.
    package struct Joining: Sendable {
        /// Who took the invitation.
        package let signingIn: Set<MembershipID>
        /// Until when the invitations of the others can be taken.
        package let invited: [MembershipID: Timestamp]
    }

    /// How members of one organisation stand to its dashboard.
    ///
    /// - Parameter members: Those that the caller sees.
    package func joining(
        _ members: [Membership], now: Timestamp
    ) async throws -> Joining {
        guard let organisation = members.first?.organisationID else {
            return Joining(signingIn: [], invited: [:])
        }
        return try await database.read { tx in
            let emails = members.map(\.email)
            let joined = try PersonStore.joined(organisation, emails: emails, tx)
            let open = try PersonStore.invited(to: .organisation(organisation), now: now, tx)
            let ends = Dictionary(open.map { ($0.person.email.lowercased(), $0.expiresAt) }) {
                first, _ in first
            }
            return Joining(
                signingIn: Set(members.filter { joined.contains($0.email) }.map(\.id)),
                invited: Dictionary(
                    members.compactMap { member in
                        ends[member.email.lowercased()].map { (member.id, $0) }
                    }
                ) { first, _ in first })
        }
    }

    /// Who is invited to a group and has not come yet.
    ///
    /// - Throws: ``NotFound``.
    package func invited(
        to group: PartnerGroupID, by principal: Principal, now: Timestamp
    ) async throws -> [PersonStore.Invited] {
        try await database.read { tx in
            try GroupService.load(group, by: principal, tx)
            return try PersonStore.invited(to: .group(group), now: now, tx)
        }
    }

    /// Has the invitation to a group no longer work.
    ///
    /// - Throws: ``NotFound``.
    package func withdraw(
        _ person: PersonID, from group: PartnerGroupID, by principal: Principal
    ) async throws -> PartnerGroup {
        try await database.write { tx in
            let found = try GroupService.load(group, by: principal, tx)
            guard try PersonStore.withdraw(.group(group), of: person, tx) else {
                throw NotFound("invitation")
            }
            return found
        }
    }

    /// Who is invited to run the installation and has not come yet.
    package func invitedOperators(now: Timestamp) async throws -> [PersonStore.Invited] {
        try await database.read { try PersonStore.invited(to: .operator, now: now, $0) }
    }

    /// Has the invitation to run the installation no longer work.
    ///
    /// - Throws: ``NotFound``.
    package func withdrawOperator(_ person: PersonID) async throws {
        try await database.write { tx in
            guard try PersonStore.withdraw(.operator, of: person, tx) else {
                throw NotFound("invitation")
            }
            return try PersonStore.find(person, tx)
        }
    }
}
