import HTTPTypes
import Hummingbird
import NIOCore
import ParryDomain
import ParryService
import ParryWire

/// A request at its page.
struct Visit: Sendable {
    let request: Request
    let context: DashboardContext
    let clock: @Sendable () -> Timestamp
    let site: Site

    var now: Timestamp { clock() }

    /// What the address says after the question mark.
    var query: FormFields { FormFields(parsing: request.uri.query ?? "") }

    /// The path and query, to come back to.
    var address: String { request.uri.path + (request.uri.query.map { "?" + $0 } ?? "") }

    /// Where somebody signs in from.
    var origin: SignInOrigin {
        SignInOrigin(client: context.client, agent: request.headers[.userAgent] ?? "")
    }

    /// The fields of the form that was sent.
    ///
    /// - Throws: ``Refusal`` beyond the bound.
    func form() async throws -> FormFields {
        if let sent = SentForm.current { return sent }
        do {
            let buffer = try await request.body.collect(upTo: Site.formBytesMax)
            return FormFields(parsing: String(buffer: buffer))
        } catch is NIOTooManyBytesError {
            throw Refusal.tooLarge
        }
    }

    /// The id that the path names.
    ///
    /// - Throws: ``Refusal`` for a text that is no such id.
    func id<Resource>(
        _ resource: String, _ name: String = "id"
    ) throws -> Identifier<Resource> {
        guard let text = context.parameters.get(name), let id = Identifier<Resource>(text) else {
            throw Refusal.notHere(resource)
        }
        return id
    }

    /// A page without an account around it.
    func page(
        _ template: String, title: String, _ model: Any, status: HTTPResponse.Status = .ok
    ) -> Response {
        var chrome = Chrome(title: title, site: site)
        chrome.notice = Notice(query)?.sentence
        return site.templates.response(template, chrome, model, status: status)
    }

    /// Sends the browser to another page of the dashboard.
    func redirect(to path: String) -> Response { Response.seeOther(path) }
}

/// The form of this request, read once, before its token was compared.
enum SentForm {
    @TaskLocal static var current: FormFields?
}

/// A request of who is signed in.
struct PersonVisit: Sendable {
    let base: Visit
    let visitor: Visitor

    var now: Timestamp { base.now }
    var query: FormFields { base.query }
    func form() async throws -> FormFields { try await base.form() }
    func redirect(to path: String) -> Response { base.redirect(to: path) }

    /// A page without an account around it.
    func page(
        _ template: String, title: String, _ model: Any, status: HTTPResponse.Status = .ok
    ) -> Response {
        var chrome = Chrome(title: title, site: base.site)
        chrome.enter(visitor)
        chrome.notice = Notice(query)?.sentence
        return base.site.templates.response(template, chrome, model, status: status)
    }
}

/// A request of who works in an account.
struct SeatVisit: Sendable {
    let base: Visit
    let visitor: Visitor
    let seat: Seat

    var now: Timestamp { base.now }
    var query: FormFields { base.query }
    var principal: Principal { seat.principal(of: visitor.person.id) }
    func form() async throws -> FormFields { try await base.form() }

    /// As ``Visit/id(_:_:)``.
    func id<Resource>(
        _ resource: String, _ name: String = "id"
    ) throws -> Identifier<Resource> {
        try base.id(resource, name)
    }

    /// The address of a page of this account: `/dashboard/ptnr_…/alerts`.
    func path(_ inner: String) -> String { "/dashboard/\(seat.id)\(inner)" }

    /// Sends the browser to a page of this account, where a notice says what was done.
    func redirect(to inner: String, _ notice: Notice? = nil) -> Response {
        var target = path(inner)
        if let notice { target += (target.contains("?") ? "&" : "?") + notice.query }
        return .seeOther(target)
    }

    /// A page of this account.
    ///
    /// - Parameters:
    ///   - template: The name of a template in `Resources`, without its ending.
    ///   - section: What the navigation marks as where one is.
    ///   - model: What the template calls `page`.
    func page(
        _ template: String, title: String, _ section: Section, _ model: Any,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        var chrome = Chrome(title: title, site: base.site)
        chrome.enter(visitor)
        chrome.enter(seat, section)
        chrome.notice = Notice(query)?.sentence
        return base.site.templates.response(template, chrome, model, status: status)
    }

    /// What a template needs to show or hide what the role may not do.
    func allows(_ power: Power) -> Bool { seat.allows(power) }
}

extension Response {
    /// To another page, by GET.
    static func seeOther(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
    }
}
