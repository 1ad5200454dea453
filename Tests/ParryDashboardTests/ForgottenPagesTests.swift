import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryTestSupport
import ParryWire
import Testing

@testable import ParryDashboard

@Suite("The page for a forgotten password")
struct ForgottenPagesTests {
    @Test("Without mails the page names the operator and has no form")
    func noMails() async throws {
        try await TestWorld.run { world in
            let browser = world.browser()
            let signIn = try await browser.get("/dashboard/sign-in")
            #expect(signIn.html.contains(#"href="/dashboard/forgot""#))
            let page = try await browser.get("/dashboard/forgot")
            #expect(page.status == 200 && page.html.contains("parry user reset"))
            #expect(!page.html.contains("<form"))
            let sent = try await browser.post("/dashboard/forgot", [("email", "a@example.com")])
            #expect(sent.status == 404)
        }
    }

    @Test("The answer is the same for who is known and who is not, and for who asks too often")
    func same() async throws {
        let start = Platform.now()
        let now: @Sendable () -> Timestamp = { start }
        try await TestWorld.run(mails: Outbox(), clock: now) { world in
            let known = try await world.browser(
                as: .operator, in: .make(at: start, slot: 0), now: start)
            let browser = world.browser()
            for _ in 0..<Limits.linksFree {
                var answers: [String] = []
                for email in [known.email, "nobody@example.com"] {
                    let page = try await browser.post("/dashboard/forgot", [("email", email)])
                    answers.append("\(page.status) \(page.location ?? "") \(page.html)")
                }
                #expect(answers[0] == answers[1])
                #expect(answers[0].hasPrefix("303 /dashboard/sign-in?notice=link-asked"))
            }
            for email in [known.email, "nobody@example.com"] {
                let page = try await browser.post("/dashboard/forgot", [("email", email)])
                #expect(page.status == 429 && page.html.contains("try again in 60 seconds"))
            }
            let wrong = try await browser.post("/dashboard/forgot", [("email", "nobody")])
            #expect(wrong.status == 422 && wrong.html.contains("must be an e-mail address"))
            let told = try await browser.get("/dashboard/sign-in?notice=link-asked")
            #expect(told.html.contains("If this address signs in here with a password"))
        }
    }

    @Test("The link of the mail sets a password once, signs in, and ends the other sessions")
    func link() async throws {
        let outbox = Outbox()
        try await TestWorld.run(mails: outbox) { world in
            let person = try await world.browser(
                as: .partnerAdministrator, in: .make(at: Platform.now(), slot: 0))
            let browser = world.browser()
            _ = try await browser.post("/dashboard/forgot", [("email", person.email)])
            _ = try await world.forgotten?.step(now: Platform.now())
            let link = try #require(outbox.links.first)
            let path = "/dashboard/join/\(link.token.text)"
            let shown = try await browser.get(path)
            #expect(shown.html.contains("Set a new password."))
            #expect(try await person.browser.get("/dashboard/profile").status == 200)
            let password = "another long password"
            let set = try await browser.post(path, [("password", password), ("again", password)])
            #expect(set.location == "/dashboard?notice=password-set")
            #expect(try await browser.get("/dashboard/profile").status == 200)
            #expect(try await person.browser.get("/dashboard/profile").status == 303)
            #expect(try await browser.get(path).status == 404)
            let lines = try await world.database.read { tx in
                try tx.rows("SELECT action, actor, subject_id FROM audit ORDER BY id") {
                    [try $0.text(), try $0.text(), try $0.textOrNull() ?? ""]
                }
            }
            let asked = try #require(lines.last { $0[0] == "person.forgot_password" })
            let done = try #require(lines.last { $0[0] == "person.set_password" })
            #expect(asked[1] == "visitor" && done[1] == asked[2] && done[2] == asked[2])
        }
    }
}
