import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// A new key.
extension KeyPages {
    /// The form.
    struct FormModel: Sendable {
        let path: String
        let once: String
        let error: String?
        let presets: [Preset]
        let name: FormField
        /// Who owns it; nil in an organisation's account, where there is nothing to choose.
        let owner: FormField?
        /// Where there are more organisations than are shown.
        let search: FormField?
        let abilityError: String?
        let abilities: [FormField]
        let expiry: FormField
        let day: FormField
    }

    /// A link that fills the form.
    struct Preset: Sendable {
        let label: String
        let path: String
        let isCurrent: Bool
    }

    static func showForm(_ visit: SeatVisit) async throws -> Response {
        try await form(visit, try await blank(visit), nil)
    }

    static func create(_ visit: SeatVisit) async throws -> Response {
        let sent = try await visit.form()
        if sent.isSet("search") { return try await form(visit, sent, nil) }
        let draft: KeyService.Draft
        do {
            draft = try KeyDraft(seat: visit.seat, now: visit.now).read(sent)
        } catch let errors as FormErrors {
            return try await form(visit, sent, errors)
        }
        try await visit.takeForm()
        AuditDetail.say([
            ("name", .text(draft.name)), ("owner", .text(draft.owner.id)),
            ("abilities", .list(draft.abilities.map(\.rawValue).sorted())),
            ("expires_at", .text(draft.expiresAt?.iso8601)),
        ])
        let made = try await visit.base.site.services.keys.create(
            draft, by: visit.principal, now: visit.now)
        return try await show(made, former: nil, visit)
    }

    /// The page that shows a secret; nothing else ever does.
    static func show(
        _ made: KeyService.Created, former: String?, _ visit: SeatVisit
    ) async throws -> Response {
        let path = visit.path("/keys")
        let found = try await visit.base.site.services.keys.find(made.key.id, by: visit.principal)
        let address = visit.base.site.link("/v1/integrations", for: visit.base.request)
        return visit.page(
            "key-made", title: "The new key", .keys,
            MadeModel(
                key: Row(found, path: path, at: visit.now), secret: made.secret,
                command: "curl -H 'Authorization: Bearer \(made.secret)' \(address)",
                listPath: path, former: former, isTest: visit.seat.mode == .test),
            status: .created)
    }

    /// What the form says at first: the standard abilities, or those of a preset and whose key it mostly is.
    private static func blank(_ visit: SeatVisit) async throws -> FormFields {
        let isPartner = visit.seat.owner.isPartnerLevel
        let preset = visit.query["preset"].flatMap(KeyPreset.init)
        let offered = KeyAbilities.offered(isPartnerLevel: isPartner, visit.seat.mode)
        let abilities = preset?.abilities(among: offered) ?? Ability.standard
        var fields = abilities.map { (name: "ability", value: $0.rawValue) }
        if let preset { fields.append((name: "name", value: preset.label)) }
        if let owner = visit.query.text("owner") {
            fields.append((name: "owner", value: owner))
        } else if isPartner, preset == .steady {
            let groups = try await visit.base.site.services.groups.list(by: visit.principal)
            if let id = groups.first(where: { !$0.group.isAdmin })?.group.id.text {
                fields.append((name: "owner", value: id))
            }
        }
        return FormFields(fields)
    }

    private static func form(
        _ visit: SeatVisit, _ sent: FormFields, _ errors: FormErrors?
    ) async throws -> Response {
        let owners = try await Owners.find(visit, sent, errors?["owner"])
        let model = FormModel(
            path: visit.path("/keys"), once: SentFormService.makeID(),
            error: errors.map { _ in "The key has not been made yet: see what is marked below." },
            presets: presets(visit),
            name: FormField(
                "name", "Name", value: sent["name"],
                hint: "What uses it: “order upload, production”.", error: errors?["name"],
                isRequired: true),
            owner: owners.field, search: owners.search, abilityError: errors?["ability"],
            abilities: abilities(visit.seat, Set(sent.all("ability"))),
            expiry: expiry(sent["expiry"] ?? "none"),
            day: FormField(
                "expires_on", "Last day", type: "date", value: sent["expires_on"],
                hint: "Where you chose “on a day”: the key works until this day has ended in UTC.",
                error: errors?["expires_on"]))
        return visit.page(
            "key-new", title: "New API key", .keys, model,
            status: errors == nil ? .ok : .unprocessableContent)
    }

    /// An organisation's key has nothing to onboard.
    private static func presets(_ visit: SeatVisit) -> [Preset] {
        let presets = visit.seat.owner.isPartnerLevel ? KeyPreset.allCases : [.steady]
        return presets.map {
            Preset(
                label: $0.label, path: visit.path("/keys/new?preset=\($0.rawValue)"),
                isCurrent: $0.rawValue == visit.query["preset"])
        }
    }

    private static func expiry(_ chosen: String) -> FormField {
        FormField(
            "expiry", "Ends", isRequired: true,
            choices: KeyDraft.expiries.map {
                Choice($0, expiryLabel($0), isChosen: $0 == chosen)
            })
    }

    private static func expiryLabel(_ word: String) -> String {
        switch word {
        case "none": "Never"
        case "date": "On a day"
        default: "After \(word) days"
        }
    }

    private static func abilities(_ seat: Seat, _ chosen: Set<String>) -> [FormField] {
        let offered = KeyAbilities.offered(
            isPartnerLevel: seat.owner.isPartnerLevel, seat.mode)
        return KeyAbilities.groups.compactMap { group in
            let shown = group.abilities.filter(offered.contains)
            guard !shown.isEmpty else { return nil }
            let isPartners = shown.allSatisfy(KeyAbilities.ofPartnersOnly.contains)
            return FormField(
                "ability", group.label,
                hint: isPartners ? "For keys of groups; an organisation's key cannot use it." : nil,
                choices: shown.map {
                    Choice(
                        $0.rawValue, "\($0.rawValue): \($0.meaning)",
                        isChosen: chosen.contains($0.rawValue))
                })
        }
    }
}

extension KeyOwner {
    /// Of the group or organisation.
    fileprivate var id: String {
        switch self {
        case .group(let id): id.text
        case .organisation(let id): id.text
        }
    }
}
