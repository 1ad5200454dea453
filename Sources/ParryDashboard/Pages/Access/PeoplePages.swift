import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// Who belongs to an account: of a partner its groups, of an organisation its members.
enum PeoplePages {
    static let routes: [Route] =
        [
            .show("/people", .people, list),
            .show("/people/export.csv", .people) { try await export($0, .csv) },
            .show("/people/export.json", .people) { try await export($0, .json) },
        ] + GroupPages.routes + MemberPages.routes

    private static func list(_ visit: SeatVisit) async throws -> Response {
        visit.seat.owner.isPartnerLevel
            ? try await GroupPages.list(visit) : try await MemberPages.list(visit)
    }

    private static func export(_ visit: SeatVisit, _ format: ExportFormat) async throws -> Response
    {
        visit.seat.owner.isPartnerLevel
            ? try await GroupPages.export(visit, format)
            : try await MemberPages.export(visit, format)
    }

    /// A link that is shown once, to hand to whom it is for.
    struct LinkModel: Sendable {
        let name: String
        let email: String
        /// What using it does.
        let purpose: String
        let link: String
        let expiresAt: TimeText
        let backPath: String
        let backLabel: String
    }

    /// The form that invites somebody.
    struct InviteModel: Sendable {
        let path: String
        let backPath: String
        let backLabel: String
        let heading: String
        let explanation: String
        let once: String
        var name: FormField?
        var email: FormField?
    }

    /// The two fields of who is invited.
    static func fields(
        _ form: FormFields, _ errors: FormErrors?
    ) -> (name: FormField, email: FormField) {
        (
            FormField(
                "name", "Name", value: form["name"], error: errors?["name"], isRequired: true),
            FormField(
                "email", "E-mail address", type: "email", value: form["email"],
                hint: "The person signs in with it. Nothing is sent: you hand over the link.",
                error: errors?["email"], isRequired: true)
        )
    }

    /// Who is invited, as the form says.
    ///
    /// - Throws: ``FormErrors``.
    static func invited(_ form: FormFields) throws -> (name: String, email: String) {
        let request = try PersonRequest.invite.decode([
            ("email", .text(form.text("email"))), ("name", .text(form.text("name"))),
        ])
        return (request[PersonRequest.name], request[PersonRequest.email])
    }
}

extension Visit {
    /// The page that shows the link of an invitation; nothing else ever does.
    ///
    /// - Parameter name: As the inviter calls the person: another account's name for them is not told, nor whether they
    ///   have a password.
    func linkModel(
        _ invitation: PersonService.Invitation, name: String, purpose: String,
        back: (path: String, label: String)
    ) -> PeoplePages.LinkModel {
        PeoplePages.LinkModel(
            name: name, email: invitation.person.email, purpose: purpose,
            link: site.link("/dashboard/join/\(invitation.token.text)", for: request),
            expiresAt: TimeText(invitation.link.expiresAt), backPath: back.path,
            backLabel: back.label)
    }
}
