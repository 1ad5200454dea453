import Hummingbird
import ParryDomain
import ParryService
import ParryWire

// The answer to who asks for a link is the same for every address, known or not, and so is the work that it takes: see
// `ForgottenPasswordService`.

/// A mail with a link for a new password.
extension SignInPages {
    /// The form to ask for a link.
    struct ForgottenModel: Sendable {
        var email = ""
        /// Whether this server sends mails; otherwise an operator makes the link.
        var sendsMail = false
        var error: String?
        /// Whether nobody can sign in here, and why.
        var refusal: String?
    }

    private static let request = ObjectSchema("Forgotten", [PersonRequest.email.declaration])

    static func showForgotten(_ visit: Visit) async throws -> Response {
        var model = ForgottenModel(sendsMail: visit.site.services.forgotten != nil)
        if !visit.site.isPrivate { model.refusal = Refusal.needsHTTPS.message }
        return visit.page("forgotten", title: "Forgotten password", model)
    }

    static func askForLink(_ visit: Visit) async throws -> Response {
        guard visit.site.isPrivate else { throw Refusal.needsHTTPS }
        guard let service = visit.site.services.forgotten else { throw Refusal.unknownPage }
        var model = ForgottenModel(
            email: try await visit.form().text("email") ?? "", sendsMail: true)
        do {
            _ = try request.decode([("email", .text(model.email))])
            try visit.site.countLink(visit)
            try await service.ask(
                email: model.email, client: visit.origin.client, now: visit.now)
            return visit.redirect(to: "/dashboard/sign-in?\(Notice("link-asked").query)")
        } catch let errors as FormErrors {
            model.error = "The address \(errors["email"] ?? "is not good")"
            return page(visit, model, .unprocessableContent)
        } catch let error as SignInError {
            model.error = sentence(error)
            return page(visit, model, error.status)
        }
    }

    private static func page(
        _ visit: Visit, _ model: ForgottenModel, _ status: HTTPResponse.Status
    ) -> Response {
        visit.page("forgotten", title: "Forgotten password", model, status: status)
    }

    private static func sentence(_ error: SignInError) -> String {
        guard case .tooManyTries(let seconds) = error else { return error.sentence }
        return
            "Too many links were asked for, for this address or from this place. Look among your mails, or try "
            + "again in \(seconds) seconds."
    }
}
