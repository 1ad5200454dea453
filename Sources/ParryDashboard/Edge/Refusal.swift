package import HTTPTypes

/// Why a page is not shown, in words for the person who asked for it.
package struct Refusal: Error, Sendable {
    package let status: HTTPResponse.Status
    /// Stable, for who reports it.
    package let code: String
    package let message: String

    package init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static let unknownPage = Refusal(
        .notFound, "NOT_FOUND",
        "There is no such page. The address may be mistyped, or what it showed is gone.")

    static func notHere(_ resource: String) -> Refusal {
        Refusal(
            .notFound, "NOT_FOUND",
            "There is no such \(resource) in this account. It may have been deleted, or belong to "
                + "another account: TEST and LIVE have nothing in common.")
    }

    static let notAllowed = Refusal(
        .forbidden, "FORBIDDEN",
        "Your role in this account does not include this. Ask one of its administrators.")

    static let foreignForm = Refusal(
        .forbidden, "FORM_EXPIRED",
        "This form was not sent from a page of this session, so nothing has been changed. "
            + "Go back, reload the page and send it again.")

    static let tooLarge = Refusal(
        .contentTooLarge, "PAYLOAD_TOO_LARGE",
        "The form is too large, so nothing has been changed. Choose less at once.")

    static let needsHTTPS = Refusal(
        .forbidden, "HTTPS_REQUIRED",
        "Nobody can sign in over plain HTTP but on this machine itself: the password could be read "
            + "on the way. Serve HTTPS with --tls-certificate and --tls-key, or put a proxy that "
            + "does in front and name its address with --public-url.")
}
