import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// Links of invitations, and those that set a new password.
extension SignInPages {
    /// What a link shows.
    struct LinkModel: Sendable {
        let path: String
        let personID: PersonID
        let email: String
        let name: String
        let purpose: String
        /// Whether a password is to be set here; otherwise the invited person signs in.
        let setsPassword: Bool
        /// Whether the invited person is signed in and has only to accept.
        let canAccept: Bool
        let signInPath: String
        var error: String?
    }

    static func showLink(_ visit: Visit) async throws -> Response {
        let (_, model) = try await link(visit)
        return page(visit, try await viewer(visit), model)
    }

    static func setPassword(_ visit: Visit) async throws -> Response {
        guard visit.site.isPrivate else { throw Refusal.needsHTTPS }
        var (token, model) = try await link(visit)
        let form = try await visit.form()
        let password = form["password"] ?? ""
        guard password == form["again"] ?? "" else {
            model.error = "The two passwords differ. Write the same one twice."
            return page(visit, nil, model, isRefused: true)
        }
        do {
            try visit.site.countTry(visit)
            let person = try await setPassword(password, by: token, model, visit)
            let visitor = try await visit.site.services.signIn.signIn(
                email: person.email, password: password, from: visit.origin, now: visit.now)
            var response = visit.redirect(to: "/dashboard?notice=password-set")
            response.headers[values: .setCookie] = [visit.site.cookie.setting(visitor.token)]
            return response
        } catch let error as SignInError {
            model.error = error.sentence
            return page(visit, nil, model, isRefused: true)
        }
    }

    /// The audit log names the person, who is not signed in yet.
    private static func setPassword(
        _ password: String, by token: SessionToken, _ model: LinkModel, _ visit: Visit
    ) async throws -> Person {
        let note = AuditNote(
            "person.set_password", by: .person(model.personID), in: nil, to: model.personID.text,
            clock: visit.clock)
        return try await AuditNote.$current.withValue(note) {
            try await visit.site.services.people.setPassword(password, by: token, now: visit.now)
        }
    }

    static func accept(_ visit: PersonVisit) async throws -> Response {
        guard let text = visit.base.context.parameters.get("token"),
            let token = SessionToken(text)
        else { throw Refusal.unknownPage }
        do {
            let link = try await visit.base.site.services.people.accept(
                token, by: visit.visitor, now: visit.now)
            if case .organisation(let id) = link.purpose {
                return visit.redirect(to: "/dashboard/\(id.text)?notice=joined")
            }
            return visit.redirect(to: "/dashboard?notice=joined")
        } catch let error as SignInError {
            throw Refusal(error.status, "LINK_REFUSED", error.sentence)
        }
    }

    private static func link(_ visit: Visit) async throws -> (SessionToken, LinkModel) {
        guard let text = visit.context.parameters.get("token"), let token = SessionToken(text)
        else { throw Refusal.unknownPage }
        do {
            let (person, link) = try await visit.site.services.people.linked(token, now: visit.now)
            let viewer = try await viewer(visit)
            let setsPassword = link.purpose == .reset || !person.hasPassword
            let path = "/dashboard/join/\(token.text)"
            return (
                token,
                LinkModel(
                    path: path, personID: person.id, email: person.email, name: person.name,
                    purpose: link.purpose.sentence, setsPassword: setsPassword,
                    canAccept: !setsPassword && viewer?.person.id == person.id,
                    signInPath: "/dashboard/sign-in"
                        + FormFields.query([(name: "next", value: path)])
                )
            )
        } catch let error as SignInError {
            throw Refusal(.notFound, "LINK_UNKNOWN", error.sentence)
        }
    }

    private static func viewer(_ visit: Visit) async throws -> Visitor? {
        try await DashboardGate(site: visit.site).visitor(of: visit.request, now: visit.now)
    }

    private static func page(
        _ visit: Visit, _ viewer: Visitor?, _ model: LinkModel, isRefused: Bool = false
    ) -> Response {
        guard let viewer else {
            return visit.page(
                "join", title: "Welcome", model, status: isRefused ? .unprocessableContent : .ok)
        }
        return PersonVisit(base: visit, visitor: viewer).page("join", title: "Welcome", model)
    }
}

extension PersonLink.Purpose {
    /// What using the link does.
    fileprivate var sentence: String {
        switch self {
        case .operator: "You have been invited to run this installation."
        case .group: "You have been invited to work in a partner's account."
        case .organisation: "You have been invited to work in an organisation."
        case .reset: "Set a new password. Your sessions end, the old password no longer works."
        }
    }
}
