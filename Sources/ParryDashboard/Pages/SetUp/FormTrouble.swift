import HTTPTypes
import ParryDomain
import ParryService
import ParryWire

/// Why a form was not carried out: the page shows it once more, with what was typed.
struct FormTrouble: Sendable {
    /// Above the form.
    let message: String
    let status: HTTPResponse.Status
    /// Whether somebody else changed the thing meanwhile.
    let isStale: Bool
    private let fields: FormErrors?

    /// - Throws: The error itself when it is nothing that a form can tell.
    init(_ error: any Error, _ visit: SeatVisit) throws {
        switch error {
        case let errors as FormErrors:
            self.init(
                "Nothing has been saved. Correct what is marked below and send it again.",
                .unprocessableContent, fields: errors)
        case is ChangedMeanwhile:
            self.init(
                "Somebody changed this while your form was open, so nothing has been saved. Below is "
                    + "what it is now beside what you typed; saving again puts yours in its place.",
                .conflict, isStale: true)
        case OrganisationError.adminGroupRequired:
            self.init(
                "Only the partner's administrators open organisations. Ask one of them.",
                .unprocessableContent)
        case let missing as NotFound:
            self.init(
                "There is no such \(missing.resource) in this account. Nothing has been saved.",
                .unprocessableContent)
        default:
            guard let refusal = visit.base.site.explain(error) else { throw error }
            self.init(refusal.message, refusal.status)
        }
    }

    private init(
        _ message: String, _ status: HTTPResponse.Status, isStale: Bool = false,
        fields: FormErrors? = nil
    ) {
        self.message = message
        self.status = status
        self.isStale = isStale
        self.fields = fields
    }

    /// What is wrong with one field.
    subscript(name: String) -> String? { fields?[name] }
}

/// A member of a thing that somebody changed while it was being edited.
struct EditConflict: Sendable {
    let label: String
    /// What it is now.
    let now: String
    /// What was typed.
    let typed: String
    let isDifferent: Bool

    init(_ label: String, now: String?, typed: String?) {
        self.label = label
        self.now = now ?? "—"
        self.typed = typed ?? "—"
        isDifferent = now != typed
    }
}

extension FormFields {
    /// The version that an edit was shown. A form without one has seen none.
    var seen: Int64 { self["seen"].flatMap { Int64($0) } ?? 0 }
}
