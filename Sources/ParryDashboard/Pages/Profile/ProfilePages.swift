import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// What belongs to a person: sessions and the password.
enum ProfilePages {
    static let routes: [Route] = [
        Route(.get, "/profile", .person(show)),
        Route(
            .post, "/profile/password", .person(changePassword), confirmed: true,
            action: "person.change_password"),
        Route(.post, "/profile/sessions/{id}/end", .person(endSession)),
    ]

    /// The page.
    struct Model: Sendable {
        let name: String
        let email: String
        let hasPassword: Bool
        let sessions: [SessionModel]
        var error: String?
    }

    /// One of the person's sessions.
    struct SessionModel: Sendable {
        let path: String
        let client: String
        let agent: String
        let createdAt: TimeText
        let seenAt: TimeText
        let isCurrent: Bool
    }

    private static func show(_ visit: PersonVisit) async throws -> Response {
        visit.page("profile", title: "Profile", try await model(visit))
    }

    private static func model(_ visit: PersonVisit) async throws -> Model {
        let visitor = visit.visitor
        let sessions = try await visit.base.site.services.signIn.sessions(
            of: visitor, now: visit.now)
        return Model(
            name: visitor.person.name, email: visitor.person.email,
            hasPassword: visitor.person.hasPassword,
            sessions: sessions.map { session in
                SessionModel(
                    path: "/dashboard/profile/sessions/\(session.id.text)/end",
                    client: session.client, agent: session.agent,
                    createdAt: TimeText(session.createdAt), seenAt: TimeText(session.seenAt),
                    isCurrent: session.id == visitor.session.id)
            })
    }

    private static func changePassword(_ visit: PersonVisit) async throws -> Response {
        let form = try await visit.form()
        let password = form["password"] ?? ""
        var refusal: String?
        if password == form["again"] ?? "" {
            do {
                try await visit.base.site.services.people.changePassword(
                    of: visit.visitor, to: password, now: visit.now)
                return visit.redirect(to: "/dashboard/profile?notice=password-set")
            } catch let error as SignInError {
                refusal = error.sentence
            }
        } else {
            refusal = "The two passwords differ. Write the same one twice."
        }
        var model = try await model(visit)
        model.error = refusal
        return visit.page("profile", title: "Profile", model, status: .unprocessableContent)
    }

    private static func endSession(_ visit: PersonVisit) async throws -> Response {
        let id: SessionID = try visit.base.id("session")
        let isOwn = id == visit.visitor.session.id
        try await visit.base.site.services.signIn.end(
            id, of: visit.visitor.person.id, now: visit.now)
        return visit.redirect(
            to: isOwn
                ? "/dashboard/sign-in?notice=signed-out"
                : "/dashboard/profile?notice=session-ended")
    }
}
