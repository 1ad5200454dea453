import ParryService
import ParryWire

/// What the address of an overview asks for: `?days=30&organisation=org_…`.
struct OverviewRange: Sendable {
    /// Lengths that can be chosen, in days.
    static let lengths = [7, 30, 90]
    private static let standard = 30

    let days: Int
    let organisationID: OrganisationID?
    /// The names of what could not be read.
    let ignored: [String]

    init(_ query: FormFields) {
        var reader = ListFilterReader(query)
        organisationID = reader.id("organisation")
        let text = query.text("days")
        let asked = text.flatMap { Int($0) }.flatMap { Self.lengths.contains($0) ? $0 : nil }
        days = asked ?? Self.standard
        ignored = reader.ignored + (text != nil && asked == nil ? ["days"] : [])
    }

    /// The same for the service.
    var asked: StatisticsService.Asked {
        StatisticsService.Asked(organisationID: organisationID, days: days)
    }

    /// As a query, for so many days.
    func query(_ days: Int) -> String {
        var fields = [(name: "days", value: String(days))]
        if let organisationID { fields.append(("organisation", organisationID.text)) }
        return FormFields.query(fields)
    }
}

/// The head of an overview: for how long, and of which organisation.
struct OverviewHead: Sendable {
    /// Of the page, without a query.
    let path: String
    let days: Int
    let lengths: [Length]
    /// nil in an organisation's own account.
    let organisation: ListFilter?
    /// What could not be read; nil for nothing.
    let ignored: String?

    /// A length to choose.
    struct Length: Sendable {
        let label: String
        let path: String
        let isCurrent: Bool
    }

    init(_ visit: SeatVisit, _ inner: String, _ range: OverviewRange) async throws {
        let path = visit.path(inner)
        self.path = path
        days = range.days
        lengths = OverviewRange.lengths.map { days in
            Length(
                label: "\(days) days", path: path + range.query(days),
                isCurrent: days == range.days)
        }
        organisation = try await OrganisationOffer(visit)?.filter(range.organisationID)
        ignored = range.ignored.ignoredNote
    }
}
