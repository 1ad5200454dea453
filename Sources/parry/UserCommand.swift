import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "People who sign in to the dashboard.",
        subcommands: [Create.self, List.self, Reset.self, End.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Invite somebody to run this installation.",
            discussion: """
                The answer has a path to open behind the address of the dashboard's server, once and within a week; \
                there the person sets a password. Partners' and organisations' own people are invited on the \
                dashboard's pages.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: "The e-mail address to sign in with.") var email: String?
        @Option(help: "The person's name. Default: the address.") var name: String?

        func run() async throws {
            let settings = try await common.settings([
                "email": .init(email), "name": .init(name),
            ])
            let email = try checkedEmail(settings)
            let name = settings.string("name") ?? email
            try await answer(settings, createsDatabase: true) { platform in
                let invitation = try await platform.people.inviteOperator(
                    email: email, name: name, now: Platform.now())
                return { invitation.write(to: &$0) }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List everybody who has been invited, by address.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await answer(common.settings()) { platform in
                let people = try await platform.people.list()
                return { json in
                    json.key("items")
                    json.beginArray()
                    for person in people { person.write(to: &json) }
                    json.endArray()
                    json.field("count", people.count)
                }
            }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a link by which a person sets a new password, within an hour.")

        @OptionGroup var common: CommonOptions
        @Option(help: "The person's e-mail address.") var email: String?

        func run() async throws {
            let settings = try await common.settings(["email": .init(email)])
            let email = try checkedEmail(settings)
            try await answer(settings) { platform in
                let invitation = try await platform.people.reset(
                    email: email, now: Platform.now())
                return { invitation.write(to: &$0) }
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a person out of every account; their sessions end at once.")

        @OptionGroup var common: CommonOptions
        @Option(help: "The person's e-mail address.") var email: String?

        func run() async throws {
            let settings = try await common.settings(["email": .init(email)])
            let email = try checkedEmail(settings)
            try await answer(settings) { platform in
                let person = try await platform.people.end(email: email, now: Platform.now())
                return { json in
                    json.field("id", person.id.text)
                    json.field("ended", true)
                }
            }
        }
    }
}

/// The address that --email gives, checked with --name as the dashboard's forms are.
///
/// - Throws: ``Settings/Invalid``.
private func checkedEmail(_ settings: Settings) throws -> String {
    let email = try settings.required("email")
    var json = JSONWriter()
    json.beginObject()
    json.field("email", email)
    json.field("name", settings.string("name") ?? email)
    json.endObject()
    do {
        _ = try PersonRequest.invite.decode(json.bytes)
    } catch .invalid(let errors) {
        let error = errors.first
        throw Settings.Invalid("--\(error?.field ?? "email") \(error?.message ?? "is not good")")
    } catch {
        throw Settings.Invalid("--email and --name must not hold a card number")
    }
    return email
}

extension PersonService.Invitation {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("id", person.id.text)
        json.field("email", person.email)
        json.field("path", "/dashboard/join/\(token.text)")
        json.field("expires_at", link.expiresAt.truncatedToSecond)
    }
}

extension Person {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("id", id.text)
        json.field("email", email)
        json.field("name", name)
        json.field("is_operator", isOperator)
        json.field("has_password", hasPassword)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("ended_at", endedAt?.truncatedToSecond)
        json.endObject()
    }
}
