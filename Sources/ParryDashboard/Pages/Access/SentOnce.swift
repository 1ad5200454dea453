import HTTPTypes
import ParryDomain
import ParryService
import ParryWire

// Why such forms are carried out once, and how: see `SentFormService`.

/// Forms that are carried out once, because their answer shows what is shown once.
extension Visit {
    /// Takes the form that was sent; the field is `_once`.
    ///
    /// - Throws: ``Refusal/sentBefore``.
    func takeForm(of visitor: Visitor) async throws {
        let id = try await form()["_once"] ?? ""
        let isFirst = try await site.services.sentForms.take(id, of: visitor.person.id, now: now)
        guard isFirst else { throw Refusal.sentBefore }
    }
}

extension SeatVisit {
    /// As ``Visit/takeForm(of:)``.
    func takeForm() async throws { try await base.takeForm(of: visitor) }
}

extension PersonVisit {
    /// As ``Visit/takeForm(of:)``.
    func takeForm() async throws { try await base.takeForm(of: visitor) }
}

extension Refusal {
    /// A page that shows a secret was loaded again, which sends its form again.
    static let sentBefore = Refusal(
        .conflict, "FORM_SENT_BEFORE",
        "This form has been sent already, so nothing has been made a second time. What it made is "
            + "shown once and cannot be shown again. To make another, open the form anew.")
}
