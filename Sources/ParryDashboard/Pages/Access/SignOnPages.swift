import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// The key of a partner's single sign-on (CONTRACT.md 2.4). Of its administrators; for other accounts there is no such page.
enum SignOnPages {
    static let routes: [Route] = [
        .show("/sign-on", .people, show),
        .show("/sign-on/key", .people, confirmed: true, showForm),
        .change("/sign-on/key", .people, "sign_on_key.create", confirmed: true, makeKey),
        .show("/sign-on/remove", .people, confirmed: true, showRemoval),
        .change("/sign-on/remove", .people, "sign_on_key.delete", confirmed: true, removeKey),
    ]

    /// The explanation, and whether there is a key.
    struct Model: Sendable {
        let path: String
        let hasKey: Bool
        /// Which key the page was shown for; no secret.
        let mark: String
        let address: String
        let example: String
        let once: String
        var refusal: String?
    }

    /// A key, shown once.
    struct MadeModel: Sendable {
        let path: String
        let secret: String
        let address: String
    }

    private static func show(_ visit: SeatVisit) async throws -> Response {
        visit.page("sign-on", title: "Single sign-on", .signOn, try await model(visit))
    }

    private static func showForm(_ visit: SeatVisit) async throws -> Response {
        visit.page("sign-on-key", title: "A key", .signOn, try await model(visit))
    }

    private static func showRemoval(_ visit: SeatVisit) async throws -> Response {
        visit.page("sign-on-remove", title: "Remove the key", .signOn, try await model(visit))
    }

    private static func makeKey(_ visit: SeatVisit) async throws -> Response {
        let partner = try partner(visit)
        let form = try await visit.form()
        try await visit.takeForm()
        let key: String
        do {
            key = try await visit.base.site.services.signOn.makeKey(
                replacing: form.text("mark"), by: visit.principal, now: visit.now)
        } catch SignOnError.changed {
            return try await refused(visit)
        }
        return visit.page(
            "sign-on-made", title: "The new key", .signOn,
            MadeModel(
                path: visit.path("/sign-on"), secret: key,
                address: address(of: partner, visit)), status: .created)
    }

    private static func removeKey(_ visit: SeatVisit) async throws -> Response {
        _ = try partner(visit)
        do {
            try await visit.base.site.services.signOn.removeKey(
                visit.form().text("mark"), by: visit.principal, now: visit.now)
        } catch SignOnError.changed {
            return try await refused(visit)
        }
        return visit.redirect(to: "/sign-on", Notice("deleted"))
    }

    private static func refused(_ visit: SeatVisit) async throws -> Response {
        var model = try await model(visit)
        model.refusal =
            "Nothing has been changed: somebody else made or removed the key since you opened the "
            + "page. Below is how it is now."
        return visit.page(
            "sign-on", title: "Single sign-on", .signOn, model, status: .conflict)
    }

    private static func model(_ visit: SeatVisit) async throws -> Model {
        let partner = try partner(visit)
        let mark = try await visit.base.site.services.signOn.mark(by: visit.principal)
        let address = address(of: partner, visit)
        return Model(
            path: visit.path("/sign-on"), hasKey: mark != nil, mark: mark ?? "", address: address,
            example: SignOnExample.python(address: address), once: SentFormService.makeID())
    }

    private static func partner(_ visit: SeatVisit) throws -> PartnerID {
        guard case .adminGroup(_, let partner) = visit.seat.owner else {
            throw Refusal.unknownPage
        }
        return partner
    }

    private static func address(of partner: PartnerID, _ visit: SeatVisit) -> String {
        visit.base.site.link("/dashboard/sso/\(partner.text)", for: visit.base.request)
    }
}

/// How a partner's program signs somebody in.
enum SignOnExample {
    /// A program that needs nothing but Python: prints the address to send a person to.
    ///
    /// - Parameter address: Of single sign-on, without the token.
    static func python(address: String) -> String {
        """
        import base64, hashlib, hmac, json, os, sys, time

        def encode(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        def sign_in_address(email):
            header = {"alg": "HS256", "typ": "JWT"}
            claims = {"iat": int(time.time()), "user_email": email}
            token = b".".join(encode(json.dumps(part).encode()) for part in (header, claims))
            key = os.environ["PARRY_SSO_KEY"].encode()
            token += b"." + encode(hmac.new(key, token, hashlib.sha256).digest())
            return "\(address)?token=" + token.decode()

        sys.stdout.write(sign_in_address(sys.argv[1]) + "\\n")
        """
    }
}
