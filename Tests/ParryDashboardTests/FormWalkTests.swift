import HTTPTypes
import ParryTestSupport
import Testing

@testable import ParryDashboard

/// Sends every form of the dashboard as its page has it, so that all of its SQL runs on each engine.
@Suite("Forms, sent as their pages have them")
struct FormWalkTests {
    private static let engines = Engine.allCases.filter { $0 != .file }

    @Test("Every form does what it says and leads on", arguments: engines)
    func forms(_ engine: Engine) async throws {
        try await Showcase.run(on: engine) { showcase in
            for step in FormStep.all {
                let page: Browser.Page
                do {
                    page = try await Self.send(step, showcase)
                } catch {
                    Issue.record("\(step.action): \(error)")
                    continue
                }
                let location = page.location ?? ""
                let target = showcase.path(step.target, of: step.viewer)
                #expect(
                    page.status == step.status && Self.fits(location, target),
                    "\(step.action): \(page.status) \(location), not \(step.status) \(target)")
                if let name = step.name {
                    let last = location.prefix { $0 != "?" }.split(separator: "/").last ?? ""
                    showcase.name(name, String(last))
                }
            }
        }
    }

    /// Forms that need another world: a server that sends mails, and an invitation of somebody who has a password already.
    private static let elsewhere: Set<String> = ["/forgot", "/join/{token}/accept"]

    @Test("Every route that takes a form is walked")
    func routes() {
        let walked = Set(FormStep.all.map(\.action)).map { action in
            action.split(separator: "/").filter { $0 != "dashboard" && $0 != "~" }
        }
        let missing = Dashboard.routes.filter { route in
            let own = route.path.split(separator: "/")
            return route.method == .post && !Self.elsewhere.contains(route.path)
                && !walked.contains { parts in
                    parts.count == own.count
                        && zip(parts, own).allSatisfy {
                            $0 == $1 || ($0.hasPrefix("{") && $1.hasPrefix("{"))
                        }
                }
        }
        #expect(missing.isEmpty, "no step sends \(missing.map(\.path))")
    }

    private static func send(
        _ step: FormStep, _ showcase: Showcase
    ) async throws -> Browser.Page {
        showcase.clock.advance(seconds: 1)
        let browser = showcase.browser(step.viewer)
        let action = showcase.path(step.action, of: step.viewer)
        let values = step.values.map { ($0.0, showcase.fill($0.1)) }
        guard let page = step.page else { return try await browser.post(action, values) }
        return try await browser.submit(
            action, on: showcase.path(page, of: step.viewer), values)
    }

    /// - Parameter target: Where `*` stands for an id that is new.
    private static func fits(_ location: String, _ target: String) -> Bool {
        let parts = target.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return location == target }
        return location.hasPrefix(parts[0]) && location.hasSuffix(parts[1])
            && !location.dropFirst(parts[0].count).dropLast(parts[1].count).contains("/")
            && location.count > target.count
    }
}

/// A form that is sent, and where it leads.
struct FormStep: Sendable {
    let viewer: Showcase.Viewer
    let action: String
    /// Where it stands; nil for one to which another form leads.
    let page: String?
    let values: [(String, String)]
    let status: Int
    /// With `*` for a new id.
    let target: String
    /// What is made is called so from then on.
    let name: String?

    /// A form that leads to a page.
    static func leads(
        _ action: String, on page: String?, _ values: [(String, String)] = [], to target: String,
        by viewer: Showcase.Viewer = .administrator, named name: String? = nil
    ) -> FormStep {
        FormStep(
            viewer: viewer, action: action, page: page, values: values, status: 303,
            target: target, name: name)
    }

    /// A form that is answered by a page.
    static func shows(
        _ action: String, on page: String?, _ values: [(String, String)] = [], _ status: Int = 200,
        by viewer: Showcase.Viewer = .administrator
    ) -> FormStep {
        FormStep(
            viewer: viewer, action: action, page: page, values: values, status: status, target: "",
            name: nil)
    }
}
