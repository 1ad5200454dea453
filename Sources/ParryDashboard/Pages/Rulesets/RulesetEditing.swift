import HTTPTypes
import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// A ruleset edited as a sentence. Every button of the form sends the whole of it and gets it back, with a row more or
/// less, with its backtest beside it, or saved; so nothing is lost and no script is needed.
enum RulesetEditing {
    /// What the form is about.
    enum Subject: Sendable {
        case new(OrganisationID)
        case existing(RulesetID, OrganisationID)
        /// It was deleted while it was edited.
        case gone(OrganisationID)

        var organisation: OrganisationID {
            switch self {
            case .new(let id), .existing(_, let id), .gone(let id): id
            }
        }
    }

    /// A form as it is shown again.
    struct Draft: Sendable {
        let subject: Subject
        var form: RulesetForm
        var faults = RulesetFaults()
        /// The field to go on with.
        var focus: String?
        var trial: RulesetService.Trial?
        var overtaken: Ruleset?
    }

    static func showNew(_ visit: SeatVisit) async throws -> Response {
        guard let organisation = try await organisation(visit) else {
            return try await chooseOrganisation(visit)
        }
        var form = RulesetForm(organisation: organisation.text)
        form.rules = [RulesetForm.Rule(.amount)]
        if let enrolment = visit.query.text("enrolment") { form.enrolments = [enrolment] }
        return try await page(visit, Draft(subject: .new(organisation), form: form))
    }

    /// There is nothing to choose where there is one.
    private static func chooseOrganisation(_ visit: SeatVisit) async throws -> Response {
        let few = try await visit.base.site.services.organisations.list(
            page: Page(limit: 2, offset: 0), by: visit.principal
        ).items
        if few.count == 1 {
            return visit.redirect(to: "/rulesets/new?organisation=\(few[0].id.text)")
        }
        let field = try await OrganisationOffer(visit)?.field(
            "organisation", nil, error: OrganisationField.error(visit.query))
        return visit.page(
            "ruleset-organisation", title: "New ruleset", .rulesets,
            OrganisationModel(
                path: visit.path("/rulesets/new"), listPath: visit.path("/rulesets"),
                organisationsPath: visit.path("/organisations"), organisation: field,
                isEmpty: few.isEmpty))
    }

    /// The organisation that a new ruleset is for; nil as long as nobody said.
    private static func organisation(_ visit: SeatVisit) async throws -> OrganisationID? {
        if case .organisation(let id, _) = visit.seat.owner { return id }
        guard let text = visit.query.text("organisation") else { return nil }
        guard let id = OrganisationID(text) else { throw NotFound("organisation") }
        return id
    }

    static func show(_ visit: SeatVisit) async throws -> Response {
        let ruleset = try await visit.base.site.services.rulesets.find(
            visit.id("ruleset"), by: visit.principal)
        let subject = Subject.existing(ruleset.id, ruleset.organisationID)
        return try await page(visit, Draft(subject: subject, form: RulesetForm(ruleset)))
    }

    static func sendNew(_ visit: SeatVisit) async throws -> Response {
        let fields = try await visit.form()
        let form = RulesetForm(fields)
        guard let organisation = OrganisationID(form.organisation) else {
            throw NotFound("organisation")
        }
        return try await answer(visit, Draft(subject: .new(organisation), form: form), fields)
    }

    static func send(_ visit: SeatVisit) async throws -> Response {
        let fields = try await visit.form()
        var form = RulesetForm(fields)
        let id: RulesetID = try visit.id("ruleset")
        do {
            let ruleset = try await visit.base.site.services.rulesets.find(id, by: visit.principal)
            form.organisation = ruleset.organisationID.text
            let subject = Subject.existing(id, ruleset.organisationID)
            return try await answer(visit, Draft(subject: subject, form: form), fields)
        } catch let error as NotFound where error.resource == "ruleset" {
            guard let organisation = OrganisationID(form.organisation) else { throw error }
            let draft = Draft(subject: .gone(organisation), form: form)
            return try await page(visit, draft, status: .conflict)
        }
    }

    private static func answer(
        _ visit: SeatVisit, _ sent: Draft, _ fields: FormFields
    ) async throws -> Response {
        var draft = sent
        let step = RulesetStep(fields["do"])
        do {
            switch step {
            case .save, .overwrite:
                return try await save(visit, draft, isOver: step == .overwrite)
            case .backtest:
                draft.trial = try await trial(visit, draft.form)
            case .addRule, .removeRule, .addCondition, .removeCondition:
                draft.focus = draft.form.take(step)
            }
            return try await page(visit, draft)
        } catch let errors as FormErrors {
            draft.faults = RulesetFaults(errors)
        } catch let error as RulesetError {
            draft.faults = RulesetFaults(error, in: draft.form)
        } catch let error as RulesetOvertaken {
            draft.overtaken = error.current
            draft.form.versionOver = error.current.version
            return try await page(visit, draft, status: .conflict)
        }
        return try await page(visit, draft, status: .unprocessableContent)
    }

    /// A disabled ruleset is tried as if it were enabled: it would decide nothing.
    private static func trial(
        _ visit: SeatVisit, _ form: RulesetForm
    ) async throws -> RulesetService.Trial {
        var enabled = form
        enabled.isEnabled = true
        return try await visit.base.site.services.rulesets.tryOut(
            RulesetRequest.create.decode(enabled.members), days: form.days, by: visit.principal,
            now: visit.now)
    }

    private static func save(
        _ visit: SeatVisit, _ draft: Draft, isOver: Bool
    ) async throws -> Response {
        let service = visit.base.site.services.rulesets
        let form = draft.form
        let request = try RulesetRequest.create.decode(form.members)
        guard case .existing(let id, _) = draft.subject else {
            let made = try await service.create(request, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/rulesets/\(made.id.text)", Notice("created"))
        }
        let seen = (isOver ? form.versionOver : form.version) ?? 0
        let saved = try await service.replace(
            id, request, seen: seen, by: visit.principal, now: visit.now)
        let notice = saved.version == seen ? "unchanged" : "saved"
        return visit.redirect(to: "/rulesets/\(id.text)", Notice(notice))
    }

    private static func page(
        _ visit: SeatVisit, _ draft: Draft, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let services = visit.base.site.services
        let organisation = try await services.organisations.find(
            draft.subject.organisation, by: visit.principal)
        let named = draft.form.enrolments.compactMap { EnrolmentID($0) }
        let candidates = try await services.rulesets.candidates(
            in: organisation.id, and: named, by: visit.principal)
        var model = Model(draft, organisation, candidates, visit)
        if let theirs = draft.overtaken {
            let versions = try await services.rulesets.versions(of: theirs.id, by: visit.principal)
            model.overtaken = Overtaken(draft.form, theirs, versions, candidates)
        }
        let title = draft.subject.isNew ? "New ruleset" : "Edit a ruleset"
        return visit.page("ruleset-edit", title: title, .rulesets, model, status: status)
    }
}

extension RulesetEditing.Subject {
    /// Whether saving makes one.
    var isNew: Bool {
        if case .existing = self { false } else { true }
    }
}
