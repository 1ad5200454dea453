import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension KeyPages {
    /// Who can own a new key: of a partner its groups and organisations.
    struct Owners: Sendable {
        /// Organisations to choose from at once; more are searched.
        private static let organisationsMax = 100

        /// nil in an organisation's account, where there is nothing to choose.
        let field: FormField?
        /// Where there are more organisations than are shown.
        let search: FormField?

        static func find(
            _ visit: SeatVisit, _ sent: FormFields, _ error: String?
        ) async throws -> Owners {
            guard visit.seat.owner.isPartnerLevel else { return Owners(field: nil, search: nil) }
            let (search, chosen) = (sent.text("q") ?? "", sent["owner"])
            let groups = try await groups(visit, chosen)
            var (organisations, count) = try await organisations(visit, search, chosen)
            if let other = try await other(visit, than: groups + organisations, chosen) {
                organisations.append(other)
            }
            let isLong = count > Int64(organisationsMax) || !search.isEmpty
            return Owners(
                field: FormField(
                    "owner", "Owner",
                    hint: "The admin group's key sees every organisation, another group's those "
                        + "assigned to it, an organisation's itself.", error: error,
                    isRequired: true, choices: groups + organisations),
                search: isLong
                    ? FormField("q", "Organisations by name", type: "search", value: search)
                    : nil)
        }

        private static func groups(
            _ visit: SeatVisit, _ chosen: String?
        ) async throws -> [Choice] {
            try await visit.base.site.services.groups.list(by: visit.principal).map(\.group).map {
                Choice(
                    $0.id.text, ($0.isAdmin ? "Admin group: " : "Group: ") + $0.name,
                    isChosen: $0.id.text == chosen)
            }
        }

        private static func organisations(
            _ visit: SeatVisit, _ search: String, _ chosen: String?
        ) async throws -> (choices: [Choice], count: Int64) {
            let groups = visit.base.site.services.groups
            guard let group = try await groups.list(by: visit.principal).first?.group else {
                return ([], 0)
            }
            let found = try await groups.organisations(
                of: group.id, name: search, page: Page(limit: organisationsMax, offset: 0),
                by: visit.principal)
            return (
                found.items.map {
                    choice($0.organisation, $0.name, isChosen: $0.organisation.text == chosen)
                }, found.count
            )
        }

        /// The chosen organisation, where the search does not find it: no choice is lost.
        private static func other(
            _ visit: SeatVisit, than shown: [Choice], _ chosen: String?
        ) async throws -> Choice? {
            guard let id = chosen.flatMap({ OrganisationID($0) }),
                !shown.contains(where: \.isChosen)
            else { return nil }
            do {
                let organisation = try await visit.base.site.services.organisations.find(
                    id, by: visit.principal)
                return choice(id, organisation.name, isChosen: true)
            } catch is NotFound {
                return nil
            }
        }

        private static func choice(
            _ id: OrganisationID, _ name: String, isChosen: Bool
        ) -> Choice {
            Choice(id.text, "Organisation: " + name, isChosen: isChosen)
        }
    }
}
