import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// New partners.
extension InstallationPages {
    private static let request = ObjectSchema(
        "PartnerCreate",
        [
            Field.text("name", RequestLimits.name, .required).declaration,
            Field.word("mode", AccountMode.allCases.map(\.rawValue), .required).declaration,
        ])

    static func showNew(_ visit: PersonVisit) async throws -> Response {
        try admit(visit)
        return newPage(visit, FormFields([]), nil)
    }

    private static func newPage(
        _ visit: PersonVisit, _ form: FormFields, _ errors: FormErrors?
    ) -> Response {
        visit.page(
            "installation-partner", title: "New partner",
            PartnerModel(
                name: FormField(
                    "name", "Name", value: form["name"], error: errors?["name"], isRequired: true),
                mode: FormField(
                    "mode", "Mode",
                    hint:
                        "It stays for good, and all that belongs to the partner has it. A partner "
                        + "mostly has one account of each.",
                    error: errors?["mode"], isRequired: true,
                    choices: [
                        Choice(
                            "TEST", "TEST: nothing reaches a card network",
                            isChosen: form["mode"] != "LIVE"),
                        Choice(
                            "LIVE", "LIVE: real cardholders, real money",
                            isChosen: form["mode"] == "LIVE"),
                    ])), status: errors == nil ? .ok : .unprocessableContent)
    }

    static func createPartner(_ visit: PersonVisit) async throws -> Response {
        try admit(visit)
        let form = try await visit.form()
        let (name, mode) = (form.text("name"), form.text("mode"))
        do {
            _ = try request.decode([("name", .text(name)), ("mode", .text(mode))])
        } catch let errors as FormErrors {
            return newPage(visit, form, errors)
        }
        let made = try await visit.base.site.services.accounts.createPartner(
            name: name ?? "", mode: mode.flatMap(AccountMode.init) ?? .test, now: visit.now)
        return visit.redirect(to: "/dashboard/\(made.partner.id.text)?\(Notice("created").query)")
    }
}
