import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// Signing in and out, by password, by a partner's single sign-on or by a link; and the password once more.
enum SignInPages {
    static let routes: [Route] = [
        Route(.get, "/sign-in", .open(show)),
        Route(.post, "/sign-in", .open(signIn)),
        Route(.get, "/sso/{partner}", .open(singleSignOn)),
        Route(.get, "/forgot", .open(showForgotten)),
        Route(.post, "/forgot", .open(askForLink)),
        Route(.get, "/join/{token}", .open(showLink)),
        Route(.post, "/join/{token}", .open(setPassword)),
        Route(.post, "/join/{token}/accept", .person(accept), action: "person.join"),
        Route(.get, "/confirm", .person(showConfirmation)),
        Route(.post, "/confirm", .person(confirm)),
        Route(.post, "/sign-out", .person(signOut)),
    ]

    /// The form to sign in.
    struct Model: Sendable {
        var email = ""
        var next = ""
        var error: String?
        /// Whether nobody can sign in here, and why.
        var refusal: String?
    }

    /// What asks for the password of a person who is known.
    struct PasswordModel: Sendable {
        let email: String
        let next: String
        var error: String?
    }

    private static func show(_ visit: Visit) async throws -> Response {
        var model = Model(next: safe(visit.query["next"]))
        if !visit.site.isPrivate { model.refusal = Refusal.needsHTTPS.message }
        return visit.page("sign-in", title: "Sign in", model)
    }

    private static func signIn(_ visit: Visit) async throws -> Response {
        guard visit.site.isPrivate else { throw Refusal.needsHTTPS }
        let form = try await visit.form()
        var model = Model(email: form.text("email") ?? "", next: safe(form["next"]))
        do {
            try visit.site.countTry(visit)
            let visitor = try await visit.site.services.signIn.signIn(
                email: model.email, password: form["password"] ?? "", from: visit.origin,
                now: visit.now)
            return enter(visitor.token, visit, then: model.next)
        } catch let error as SignInError {
            model.error = error.sentence
            return visit.page("sign-in", title: "Sign in", model, status: error.status)
        }
    }

    private static func singleSignOn(_ visit: Visit) async throws -> Response {
        guard visit.site.isPrivate else { throw Refusal.needsHTTPS }
        guard let text = visit.context.parameters.get("partner"), let id = PartnerID(text) else {
            throw Refusal.unknownPage
        }
        do {
            let visitor = try await visit.site.services.signIn.signIn(
                through: id, token: visit.query["token"] ?? "", from: visit.origin, now: visit.now)
            return enter(visitor.token, visit, then: "")
        } catch let error as SignInError {
            throw Refusal(error.status, "SINGLE_SIGN_ON", error.sentence)
        }
    }

    private static func enter(_ token: SessionToken, _ visit: Visit, then next: String) -> Response
    {
        var response = Response.seeOther(next.isEmpty ? "/dashboard" : next)
        response.headers[values: .setCookie] = [visit.site.cookie.setting(token)]
        return response
    }

    private static func signOut(_ visit: PersonVisit) async throws -> Response {
        try await visit.base.site.services.signIn.end(
            visit.visitor.session.id, of: visit.visitor.person.id, now: visit.now)
        var response = visit.redirect(to: "/dashboard/sign-in?notice=signed-out")
        response.headers[values: .setCookie] = [visit.base.site.cookie.clearing]
        return response
    }

    private static func showConfirmation(_ visit: PersonVisit) async throws -> Response {
        guard visit.visitor.person.hasPassword else {
            throw Refusal(
                .forbidden, "SIGN_IN_AGAIN",
                "Keys and secrets are shown for 10 minutes after signing in. You came through your "
                    + "partner's single sign-on and have no password here: sign in from there again."
            )
        }
        return visit.page(
            "confirm", title: "Your password, please",
            PasswordModel(
                email: visit.visitor.person.email, next: safe(visit.query["next"])))
    }

    private static func confirm(_ visit: PersonVisit) async throws -> Response {
        let form = try await visit.form()
        var model = PasswordModel(email: visit.visitor.person.email, next: safe(form["next"]))
        do {
            try visit.base.site.countTry(visit.base)
            let token = try await visit.base.site.services.signIn.confirm(
                visit.visitor, password: form["password"] ?? "", now: visit.now)
            return enter(token, visit.base, then: model.next)
        } catch let error as SignInError {
            model.error = error.sentence
            return visit.page(
                "confirm", title: "Your password, please", model, status: error.status)
        }
    }

    /// Where somebody came from, if that is a page of ours.
    static func referrer(of visit: Visit) -> String {
        guard let sent = visit.request.headers[.referer] else { return "" }
        let parts = sent.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        guard parts.count == 3 else { return "" }
        return safe("/" + parts[2])
    }

    /// A path of the dashboard to go on to; anything else, as another site, is none.
    static func safe(_ path: String?) -> String {
        guard let path, path.utf8.count <= 2_000, path.hasPrefix("/dashboard"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }),
            Dashboard.owns(String(path.prefix { $0 != "?" }))
        else { return "" }
        return path
    }
}

extension SignInError {
    var status: HTTPResponse.Status {
        switch self {
        case .wrongCredentials, .unknownLink, .weakPassword, .linkOfAnother:
            .unprocessableContent
        case .tooManyTries: .tooManyRequests
        case .busy: .serviceUnavailable
        case .singleSignOn: .forbidden
        }
    }

    /// What went wrong and what to do.
    var sentence: String {
        switch self {
        case .wrongCredentials: "The e-mail address or the password is wrong."
        case .tooManyTries(let seconds):
            "Too many tries with this address, or from this place. Try again in \(seconds) seconds; the right "
                + "password will work then. Lost it? Your operator makes a link for a new one."
        case .busy: "Many people sign in at this moment. Try again in a few seconds."
        case .unknownLink:
            "This link has been used or has ended. Ask whoever sent it for a new one."
        case .linkOfAnother:
            "This invitation is for another person, or for one who has a password already. Sign in "
                + "with the address that was invited, and open the link again."
        case .weakPassword(let weakness): weakness.sentence
        case .singleSignOn(let refusal): refusal.sentence
        }
    }
}

extension PasswordRule.Weakness {
    var sentence: String {
        switch self {
        case .tooShort:
            "The password is too short: take \(PasswordRule.lengthMin) characters or more. Four "
                + "words that nobody else would put together are a good one."
        case .tooLong: "The password is too long: \(PasswordRule.bytesMax) bytes at most."
        case .containsEmail: "The password contains your e-mail address: take another one."
        case .repetitive: "The password repeats a few characters: take another one."
        }
    }
}

extension SingleSignOnRefusal {
    var sentence: String {
        switch self {
        case .invalidToken:
            "The token is not good. It must be a JWT, signed with HS256 and the partner's key for "
                + "single sign-on, with the claims iat and user_email."
        case .expired:
            "The token was issued more than 15 minutes ago, or not yet. Go back to where you came "
                + "from and follow the link again."
        case .notMember:
            "You are not a member of any organisation of this partner. Ask for a membership first."
        case .memberElsewhere:
            "You also belong to accounts outside of this partner's organisations, so you cannot be "
                + "signed in this way. Sign in with your password."
        }
    }
}
