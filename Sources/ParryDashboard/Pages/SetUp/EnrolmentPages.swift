import Hummingbird
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// The registrations of merchants for the alert products.
enum EnrolmentPages {
    static let routes: [Route] =
        list.routes + [
            .show("/enrolments/new", .setUp, new),
            .change("/enrolments", .setUp, "enrolment.create", create),
            .show("/enrolments/{id}", .view) { try await show($0) },
            .change("/enrolments/{id}/cancel", .setUp, "enrolment.delete", cancel),
            .change("/enrolments/{id}/simulate", .setUp, "enrolment.simulate", simulate),
            .change("/enrolments/{id}/simulate-alert", .act, "alert.simulate", simulateAlert),
        ]

    static func service(_ visit: SeatVisit) -> EnrolmentService {
        visit.base.site.services.enrolments
    }

    private static func filter(_ reader: inout ListFilterReader) -> EnrolmentStore.Filter {
        var filter = EnrolmentStore.Filter()
        filter.organisationID = reader.id("organisation")
        filter.merchantID = reader.id("merchant")
        filter.type = reader.word("type")
        filter.status = reader.word("status")
        return filter
    }

    private static let list = ListPage(
        path: "/enrolments", title: "Enrolments", section: .enrolments, file: "enrolments",
        columns: columns,
        filter: filter,
        rows: { visit, filter, page in
            try await service(visit).list(filter, page: page, by: visit.principal)
        },
        model: { try await ListModel($0) })

    private static let columns: [Export<Enrolment>.Column] = [
        .init("id") { .text($0.id.text) },
        .init("organisation_id") { .text($0.organisationID.text) },
        .init("type") { .text($0.type.rawValue) },
        .init("status") { .text($0.status.rawValue) },
        .init("note") { .text($0.note) },
        .init("merchant_ids") { .text($0.merchantIDs.map(\.text).joined(separator: " ")) },
        .init("descriptors") { .text($0.configuration.descriptorsText) },
        .init("bin") { .text($0.configuration.acquirer?.bin) },
        .init("caid") { .text($0.configuration.acquirer?.caid) },
        .init("arns") { .text($0.configuration.arns?.joined(separator: " ")) },
        .init("created_at") { .time($0.createdAt) },
        .init("updated_at") { .time($0.updatedAt) },
    ]

    /// - Parameters:
    ///   - trouble: Why it was not cancelled or simulated.
    ///   - typed: What was said of an alert that was not simulated.
    static func show(
        _ visit: SeatVisit, _ trouble: FormTrouble? = nil, typed: TypedAlert? = nil
    ) async throws -> Response {
        let enrolment = try await service(visit).find(visit.id("enrolment"), by: visit.principal)
        let model = try await ShowModel(visit, enrolment, trouble, typed)
        return visit.page(
            "enrolment", title: model.title, .enrolments, model, status: trouble?.status ?? .ok)
    }

    private static func cancel(_ visit: SeatVisit) async throws -> Response {
        let id: EnrolmentID = try visit.id("enrolment")
        do {
            _ = try await service(visit).cancel(id, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/enrolments/\(id.text)", Notice("cancelled"))
        } catch let error as EnrolmentError {
            return try await show(visit, FormTrouble(error, visit))
        }
    }
}

extension EnrolmentConfiguration {
    /// For RDR by BIN and CAID.
    var acquirer: (bin: String, caid: String)? {
        if case .verifiRDR(.acquirer(let bin, let caid)) = self { (bin, caid) } else { nil }
    }

    /// For RDR by ARN.
    var arns: [String]? {
        if case .verifiRDR(.arns(let arns)) = self { arns } else { nil }
    }

    /// For Ethoca.
    var descriptors: [EnrolledDescriptor]? {
        if case .ethocaAlert(let descriptors) = self { descriptors } else { nil }
    }

    /// In one cell of a file.
    fileprivate var descriptorsText: String? {
        descriptors.map { descriptors in
            descriptors.map { "\($0.text) (\($0.matchType.rawValue))" }.joined(separator: "; ")
        }
    }
}
