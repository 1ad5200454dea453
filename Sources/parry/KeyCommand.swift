import ArgumentParser
import ParryDomain
import ParryServer
import ParryService
import ParryWire

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "API keys.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key. It is shown once and stored only as a hash.")

        @OptionGroup var common: CommonOptions
        @Option(help: "The partner group that owns the key.") var group: String?
        @Option(help: "The organisation that owns the key.") var organisation: String?
        @Option(help: "What people call the key.") var name: String?
        @Flag(help: "Give the key every ability but those of the deprecated /v1/enrolments.")
        var allAbilities = false
        @Option(
            help: "An ability such as orders:read; once for each. Without any: those of orders.")
        var ability: [String] = []
        @Option(help: "When the key ends, as 2027-01-31T00:00:00Z.") var expiresAt: String?

        func run() async throws {
            let settings = try await common.settings([
                "group": .init(group), "organisation": .init(organisation),
                "name": .init(name),
                "all-abilities": .init(allAbilities), "ability": .init(ability),
                "expires-at": .init(expiresAt),
            ])
            let owner = try owner(settings)
            let abilities = try abilities(settings)
            let end = try end(settings)
            let name = settings.string("name") == nil ? "" : try checkedName(settings)
            try await answer(settings) { platform in
                let created = try await platform.keys.create(
                    for: owner, name: name, abilities: abilities, expiresAt: end,
                    now: Platform.now())
                return { json in
                    json.field("id", created.key.id.text)
                    json.field("api_key", created.secret)
                }
            }
        }

        private func owner(_ settings: Settings) throws -> KeyOwner {
            let (name, id) = try settings.either("group", "organisation")
            return name == "group"
                ? .group(try identifier(id, "--group"))
                : .organisation(try identifier(id, "--organisation"))
        }

        private func abilities(_ settings: Settings) throws -> Set<Ability> {
            let words = settings.strings("ability")
            let named = try Set(words.map(ability))
            if try settings.flag("all-abilities") { return named.union(Ability.ofNewKeys) }
            return named.isEmpty ? Ability.standard : named
        }

        private func ability(_ word: String) throws -> Ability {
            guard let ability = Ability(rawValue: word) else {
                let known = Ability.allCases.map(\.rawValue).joined(separator: ", ")
                throw Settings.Invalid("unknown --ability \(word); there are \(known)")
            }
            return ability
        }

        private func end(_ settings: Settings) throws -> Timestamp? {
            try settings.string("expires-at").map { text in
                guard let end = Timestamp(iso8601: text) else {
                    throw Settings.Invalid("--expires-at must be a time as 2027-01-31T00:00:00Z")
                }
                return end
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List all keys, newest first, without their secrets.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await answer(common.settings()) { platform in
                let keys = try await platform.keys.list()
                return { json in
                    json.key("items")
                    json.beginArray()
                    for key in keys { key.write(to: &json) }
                    json.endArray()
                    json.field("count", keys.count)
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a key; running servers refuse it within two seconds.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The key's id.") var id: String

        func run() async throws {
            let id: APIKeyID = try identifier(id, "ID")
            try await answer(common.settings()) { platform in
                try await platform.keys.revoke(id, now: Platform.now())
                return { json in
                    json.field("id", id.text)
                    json.field("revoked", true)
                }
            }
        }
    }
}

extension APIKey {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("id", id.text)
        json.field("name", name)
        json.field("owner", owner.id)
        json.field("partner_id", owner.partnerID.text)
        json.field("abilities", abilities.map(\.rawValue).sorted())
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("expires_at", expiresAt)
        json.field("revoked_at", revokedAt?.truncatedToSecond)
        json.field("last_used_at", lastUsedAt?.truncatedToSecond)
        json.endObject()
    }
}
