import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/memberships` (CONTRACT.md 5).
struct MembershipRoutes: Sendable {
    let service: MembershipService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/memberships", .membershipsRead, .partner, list)
                .lists(
                    Membership.self, "List memberships",
                    by: [Self.organisationID.declaration]),
            Endpoint(.post, "/v1/memberships", .membershipsWrite, .partner, create)
                .creates(
                    Membership.self, "Add a member to an organisation",
                    from: .object(MembershipRequest.create),
                    refusing: [.membershipAlreadyExists]
                )
                .noting("The same e-mail address in another organisation is the same user."),
            Endpoint(.get, item, .membershipsRead, .partner, find)
                .shows(Membership.self, "Read a membership"),
            Endpoint(.patch, item, .membershipsWrite, .partner, update)
                .changes(Membership.self, "Change a membership", by: MembershipRequest.update),
            Endpoint(.delete, item, .membershipsWrite, .partner, delete)
                .deletes("End a membership"),
        ]
    }

    private static let organisationID = Parameter<OrganisationID?>.organisationID

    private var item: String { "/v1/memberships/{membership_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        let organisation = try query[Self.organisationID]
        let page = try query.page()
        return .ok(
            try await service.list(of: organisation, page: page, by: call.principal).json)
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try await MembershipRequest.create.decode(call.body())
        var settings = Membership.Settings(
            role: MembershipRole(rawValue: body[MembershipRequest.role]) ?? .standard)
        Self.take(body, &settings)
        let draft = MembershipService.Draft(
            organisationID: body[MembershipRequest.organisationID],
            firstName: body[MembershipRequest.firstName],
            lastName: body[MembershipRequest.lastName], email: body[MembershipRequest.email],
            settings: settings)
        return try await call.creating {
            try await service.create(draft, by: call.principal, now: call.now)
        }
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("membership"), by: call.principal).json())
    }

    private func update(_ call: Call) async throws -> Answer {
        let id: MembershipID = try call.id("membership")
        _ = try await service.find(id, by: call.principal)
        let body = try await MembershipRequest.update.decode(call.body())
        let membership = try await service.update(id, by: call.principal, now: call.now) {
            if let role = body[MembershipRequest.newRole].flatMap(MembershipRole.init) {
                $0.role = role
            }
            Self.take(body, &$0)
        }
        return .ok(membership.json())
    }

    private func delete(_ call: Call) async throws -> Answer {
        try await service.delete(call.id("membership"), by: call.principal)
        return .noContent
    }

    /// A flag that was not sent stays as it is.
    private static func take(_ body: RequestObject, _ settings: inout Membership.Settings) {
        if let flag = body[MembershipRequest.alertActionRequired] {
            settings.mailsAlertActionRequired = flag
        }
        if let flag = body[MembershipRequest.alertResolved] { settings.mailsAlertResolved = flag }
        if let flag = body[MembershipRequest.alertDismissed] {
            settings.mailsAlertDismissed = flag
        }
        if let flag = body[MembershipRequest.evidenceRequested] {
            settings.mailsEvidenceRequested = flag
        }
    }
}
