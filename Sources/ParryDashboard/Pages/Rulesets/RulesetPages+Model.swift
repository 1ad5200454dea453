import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension RulesetPages {
    /// The list.
    struct ListModel: Sendable {
        let head: ListHead
        let rows: [RowModel]
        let pager: Pager
        let newPath: String?

        init(_ list: ListPage<RulesetStore.Filter, RulesetService.Shown>.Shown) async throws {
            let visit = list.visit
            let offer = try await OrganisationOffer(visit)
            head = list.head([offer?.filter(list.filter.organisationID)].compactMap(\.self))
            rows = list.items.map { RowModel($0, visit) }
            pager = list.pager
            let query = FormFields.query(visit.query.filters())
            newPath = visit.allows(.rules) ? visit.path("/rulesets/new") + query : nil
        }
    }

    /// A ruleset of the list.
    struct RowModel: Sendable {
        let path: String
        let sentence: String
        let organisation: String
        let organisationPath: String
        let enrolments: [EnrolmentModel]
        /// Those that are not named, if there are.
        let more: String?
        let state: RulesetChip
        /// Whether a network decides by it.
        let isPublished: Bool
        let publication: RulesetChip?
        let reason: String?
        let updatedAt: TimeText
    }

    /// An enrolment that a ruleset decides for.
    struct EnrolmentModel: Sendable {
        let name: String
        let path: String
        let status: RulesetChip
        /// nil where nothing is published.
        var publication: RulesetChip?
        var reason: String?
        var toldAt: TimeText?
    }

    /// A ruleset.
    struct DetailModel: Sendable {
        let id: String
        let sentence: String
        /// What is done when the sentence does not hold.
        let otherwise: String
        let state: RulesetChip
        let organisation: String
        let organisationPath: String
        let rules: [String]
        let enrolments: [EnrolmentModel]
        let isPublished: Bool
        let publication: RulesetChip?
        let notes: [String]
        let versions: [VersionModel]
        /// How many are shown, where there may be more.
        let versionsCut: String?
        let createdAt: TimeText
        let updatedAt: TimeText
        let editPath: String
        let deletePath: String
        let mayChange: Bool
    }

    /// What it was.
    struct VersionModel: Sendable {
        let number: Int64
        let sentence: String
        let extent: String
        let actor: String
        let at: TimeText
    }

    /// What is asked before it is deleted.
    struct DeletionModel: Sendable {
        let sentence: String
        let enrolments: [EnrolmentModel]
        let consequences: [String]
        let action: String
        let back: String
    }
}

extension RulesetPages.RowModel {
    /// Enrolments that a row names.
    private static let enrolmentsMax = 3

    init(_ shown: RulesetService.Shown, _ visit: SeatVisit) {
        let ruleset = shown.ruleset
        path = visit.path("/rulesets/\(ruleset.id.text)")
        sentence = RuleSentence(ruleset).short
        organisation = shown.organisation.name
        organisationPath = visit.path("/organisations/\(shown.organisation.id.text)")
        enrolments = shown.enrolments.prefix(Self.enrolmentsMax).map {
            RulesetPages.EnrolmentModel($0, visit)
        }
        let rest = shown.enrolments.count - Self.enrolmentsMax
        more = rest > 0 ? "and \(rest) more" : nil
        state = RulesetChip(isEnabled: ruleset.details.isEnabled)
        isPublished = shown.enrolments.first?.type == .verifiRDR
        publication = ruleset.publication.map { RulesetChip($0.status) }
        reason = shown.told.compactMap(\.error).first
        updatedAt = TimeText(ruleset.updatedAt)
    }
}

extension RulesetPages.EnrolmentModel {
    init(
        _ enrolment: Enrolment, _ visit: SeatVisit, told: RulesetPublicationStore.Told? = nil
    ) {
        name = enrolment.ruledName
        path = visit.path("/enrolments/\(enrolment.id.text)")
        status = RulesetChip(enrolment.status)
        publication = told.map { RulesetChip($0.part.status) }
        reason = told?.error ?? Self.reason(told, enrolment)
        toldAt = TimeText(told?.updatedAt)
    }

    /// Why it is not published, where the network said nothing.
    private static func reason(
        _ told: RulesetPublicationStore.Told?, _ enrolment: Enrolment
    ) -> String? {
        guard told?.part.status == .pending else { return nil }
        return enrolment.status == .enabled
            ? "Not confirmed yet. The network takes minutes to days."
            : "Waits until the enrolment is enabled."
    }
}

extension RulesetPages.DetailModel {
    init(
        _ shown: RulesetService.Shown, _ versions: [RulesetService.NamedVersion],
        _ visit: SeatVisit
    ) {
        let ruleset = shown.ruleset
        let type = shown.enrolments.first?.type
        id = ruleset.id.text
        sentence = RuleSentence(ruleset).text
        otherwise = Self.otherwise(type)
        state = RulesetChip(isEnabled: ruleset.details.isEnabled)
        organisation = shown.organisation.name
        organisationPath = visit.path("/organisations/\(shown.organisation.id.text)")
        rules = ruleset.rules.map { rule in
            let clause = RuleSentence.clause(rule.condition)
            return clause.prefix(1).uppercased() + clause.dropFirst() + "."
        }
        let told = Dictionary(shown.told.map { ($0.enrolmentID, $0) }) { first, _ in first }
        enrolments = shown.enrolments.map {
            RulesetPages.EnrolmentModel($0, visit, told: told[$0.id])
        }
        isPublished = type == .verifiRDR
        publication = ruleset.publication.map { RulesetChip($0.status) }
        notes = Self.notes(ruleset, type)
        self.versions = versions.map(RulesetPages.VersionModel.init)
        versionsCut =
            versions.count < Limits.rulesetVersionsShownMax
            ? nil : String(Limits.rulesetVersionsShownMax)
        createdAt = TimeText(ruleset.createdAt)
        updatedAt = TimeText(ruleset.updatedAt)
        editPath = visit.path("/rulesets/\(id)/edit")
        deletePath = visit.path("/rulesets/\(id)/delete")
        mayChange = visit.allows(.rules)
    }

    private static func otherwise(_ type: EnrolmentType?) -> String {
        switch type {
        case .verifiRDR: "Otherwise the case is refunded, as it is without a ruleset."
        case .ethocaAlert, nil:
            "Otherwise the alert waits for a person until its deadline, and is then declined."
        }
    }

    /// How it decides, as far as it matters here (CONTRACT.md 10 and 11).
    private static func notes(_ ruleset: Ruleset, _ type: EnrolmentType?) -> [String] {
        var notes: [String] = []
        if !ruleset.details.isEnabled {
            notes.append("It is disabled, so it decides nothing until it is enabled again.")
        }
        switch (type, ruleset.details.outcome) {
        case (.verifiRDR, .refundAndCancel):
            notes.append("Verifi is told to refund. Cancel the subscription in your own system.")
        case (.ethocaAlert, .refund), (.ethocaAlert, .cancel), (.ethocaAlert, .refundAndCancel):
            notes.append(
                "This outcome is a recommendation: the alert stays open and shows it, because "
                    + "nobody has moved money yet. Only “Accept the dispute” is carried out by rule."
            )
        default: break
        }
        return notes + [
            "An enrolment has one ruleset, and a ruleset has at most one rule about the amount and "
                + "one about the descriptor. So no order decides: all of its rules are asked.",
            "Amounts in other currencies are converted to US dollars at the rate of the day. Where "
                + "there is no rate, a rule about the amount does not hold and the alert is marked.",
            "Descriptors are compared without capitals and without spaces around them.",
            "A change counts for alerts that arrive after it is saved.",
        ]
    }
}

extension RulesetPages.VersionModel {
    fileprivate init(_ named: RulesetService.NamedVersion) {
        let version = named.version
        number = version.number
        sentence = version.body.map { RuleSentence($0).text } ?? "Deleted."
        extent =
            version.body.map { body in
                Int64(body.details.enrolmentIDs.count).counted("enrolment")
                    + (body.details.isEnabled ? "" : ", disabled")
            } ?? ""
        actor = named.name
        at = TimeText(version.createdAt)
    }
}

extension RulesetService.NamedVersion {
    /// Who made it, as far as it is known.
    var name: String {
        if let actorName, !actorName.isEmpty { return actorName }
        switch version.actor {
        case nil: return "not known"
        case "command": return "the operator, by command"
        case let id?: return id
        }
    }
}

extension RulesetPages.DeletionModel {
    init(_ shown: RulesetService.Shown, _ visit: SeatVisit) {
        let path = visit.path("/rulesets/\(shown.ruleset.id.text)")
        sentence = RuleSentence(shown.ruleset).text
        enrolments = shown.enrolments.map { RulesetPages.EnrolmentModel($0, visit) }
        let what: String
        switch shown.enrolments.first?.type {
        case .verifiRDR:
            what =
                "Verifi is told so. Until it has taken that in, the ruleset may still decide there; "
                + "then every eligible case of these enrolments is refunded."
        case .ethocaAlert, nil:
            what = "New alerts of these enrolments wait for a person until their deadline."
        }
        consequences = [
            what,
            "Alerts that it has decided stay as they are, and keep by what they were decided.",
            "To stop it for a while only, edit it and untick “Enabled”.",
        ]
        action = path + "/delete"
        back = path
    }
}
