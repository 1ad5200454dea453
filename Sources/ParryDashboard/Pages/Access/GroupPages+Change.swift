import Hummingbird
import ParryDomain
import ParryService
import ParryWire

/// Groups: made, renamed and given organisations.
extension GroupPages {
    private static let request = ObjectSchema(
        "GroupCreate", [Field.text("name", RequestLimits.name, .required).declaration])

    static func showNew(_ visit: SeatVisit) async throws -> Response {
        try newPage(visit, FormFields([]), nil)
    }

    private static func newPage(
        _ visit: SeatVisit, _ form: FormFields, _ errors: FormErrors?
    ) throws -> Response {
        guard case .adminGroup = visit.seat.owner else { throw Refusal.notHere("partner group") }
        return visit.page(
            "group-new", title: "New group", .people,
            NewModel(
                path: visit.path("/people/groups"), backPath: visit.path("/people"),
                name: FormField(
                    "name", "Name", value: form["name"],
                    hint: "What its members do: “Operations Europe”.", error: errors?["name"],
                    isRequired: true)),
            status: errors == nil ? .ok : .unprocessableContent)
    }

    static func create(_ visit: SeatVisit) async throws -> Response {
        let form = try await visit.form()
        let name = form.text("name")
        do {
            _ = try request.decode([("name", .text(name))])
        } catch let errors as FormErrors {
            return try newPage(visit, form, errors)
        }
        let group = try await visit.base.site.services.groups.create(
            name: name ?? "", by: visit.principal, now: visit.now)
        return visit.redirect(to: "/people/groups/\(group.id.text)", Notice("created"))
    }

    static func rename(_ visit: SeatVisit) async throws -> Response {
        let id: PartnerGroupID = try visit.id("partner group")
        let name = try await visit.form().text("name")
        do {
            _ = try request.decode([("name", .text(name))])
        } catch let errors as FormErrors {
            return try await page(visit, name: name ?? "", errors, refusal: nil)
        }
        let former = try await visit.base.site.services.groups.rename(
            id, to: name ?? "", by: visit.principal)
        return visit.redirect(
            to: "/people/groups/\(id.text)",
            Notice(former.name == name ? "unchanged" : "saved"))
    }

    /// Takes what was shown and what was chosen of it: what is on other pages of the list stays.
    static func assign(_ visit: SeatVisit) async throws -> Response {
        let id: PartnerGroupID = try visit.id("partner group")
        let form = try await visit.form()
        let chosen = Set(form.all("organisation").compactMap(OrganisationID.init))
        let shown = Set(form.all("shown").compactMap(OrganisationID.init))
        _ = try await visit.base.site.services.groups.assign(
            chosen, of: shown, to: id, by: visit.principal)
        let kept = ["q", "page"].compactMap { name in form.text(name).map { (name, $0) } }
        return visit.redirect(
            to: "/people/groups/\(id.text)" + FormFields.query(kept), Notice("saved"))
    }
}
