import Foundation
import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// What stands between the browser and a page: session, account, power, the form's origin and token, the password once more.
struct DashboardGate: Sendable {
    let site: Site

    /// Lets a request through to its page, or answers in its place.
    func answer(
        _ request: Request, _ context: DashboardContext, at route: Route
    ) async throws -> Response {
        let visit = Visit(request: request, context: context, clock: site.clock, site: site)
        let isChange = route.method == .post
        if isChange, !site.isOwn(request) { throw Refusal.foreignForm }
        if case .open(let handle) = route.access { return try await handle(visit) }
        guard let visitor = try await visitor(of: request, now: visit.now) else {
            return signIn(then: visit, isChange)
        }
        let form = isChange ? try await visit.form() : nil
        if let form, !visitor.token.isFormToken(form["_token"] ?? "") { throw Refusal.foreignForm }
        return try await SentForm.$current.withValue(form) {
            try await answer(visit, visitor, form, at: route)
        }
    }

    private func answer(
        _ visit: Visit, _ visitor: Visitor, _ form: FormFields?, at route: Route
    ) async throws -> Response {
        switch route.access {
        case .open(let handle): return try await handle(visit)
        case .person(let handle):
            if let page = confirmation(visit, visitor, route) { return page }
            return try await noted(route, visit, visitor, seat: nil, form) {
                try await handle(PersonVisit(base: visit, visitor: visitor))
            }
        case .seat(let power, let handle):
            let seat = try await site.services.seats.find(
                visit.context.parameters.get("account") ?? "", for: visitor)
            guard seat.allows(power) else { throw Refusal.notAllowed }
            if let page = confirmation(visit, visitor, route) { return page }
            return try await noted(route, visit, visitor, seat: seat, form) {
                try await handle(SeatVisit(base: visit, visitor: visitor, seat: seat))
            }
        }
    }

    /// Who holds the session that the request's cookie names.
    func visitor(of request: Request, now: Timestamp) async throws -> Visitor? {
        guard let token = site.cookie.token(in: request) else { return nil }
        return try await site.services.signIn.visitor(token, now: now)
    }

    /// Comes back to where the person was; a form is not sent again by itself.
    private func signIn(then visit: Visit, _ isChange: Bool) -> Response {
        let next = isChange ? SignInPages.referrer(of: visit) : visit.address
        var fields = [(name: "next", value: next)]
        if isChange { fields.append((name: "notice", value: "expired")) }
        return .seeOther("/dashboard/sign-in" + FormFields.query(fields))
    }

    private func confirmation(
        _ visit: Visit, _ visitor: Visitor, _ route: Route
    ) -> Response? {
        guard route.needsConfirmation, !visitor.session.isConfirmed(at: visit.now) else {
            return nil
        }
        let next = route.method == .post ? SignInPages.referrer(of: visit) : visit.address
        return .seeOther("/dashboard/confirm" + FormFields.query([(name: "next", value: next)]))
    }

    /// Has the audit log name who did it. What a form says is written down without what is secret in it.
    private func noted(
        _ route: Route, _ visit: Visit, _ visitor: Visitor, seat: Seat?, _ form: FormFields?,
        _ handle: () async throws -> Response
    ) async throws -> Response {
        guard let action = route.action, let form else { return try await handle() }
        let note = AuditNote(
            action, by: .person(visitor.person.id), in: seat?.owner,
            to: visit.context.parameters.get("id"), clock: site.clock)
        note.describe(Self.detail(of: form))
        return try await AuditNote.$current.withValue(note) { try await handle() }
    }

    private static func detail(of form: FormFields) -> String {
        let shown = form.without(["_token", "_once", "next", "again"]).filter {
            !$0.name.contains("password") && !$0.value.isEmpty
        }
        let values = Dictionary(grouping: shown, by: \.name).mapValues {
            $0.map(\.value).joined(separator: ", ")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(values)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
