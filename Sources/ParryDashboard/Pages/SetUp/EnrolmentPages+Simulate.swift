import Hummingbird
import ParryDomain
import ParryService
import ParryWire

// What TEST accounts have in place of the networks (CONTRACT.md 14).

extension EnrolmentPages {
    static func simulate(_ visit: SeatVisit) async throws -> Response {
        let id: EnrolmentID = try visit.id("enrolment")
        let word = try await visit.form().text("status")
        do {
            let body = try SimulationRequest.enrolment.decode([("status", .text(word))])
            let status = EnrolmentStatus(rawValue: body[SimulationRequest.enrolmentStatus])
            _ = try await service(visit).simulate(
                id, status: status ?? .enabled, by: visit.principal, now: visit.now)
            return visit.redirect(to: "/enrolments/\(id.text)", Notice("simulated"))
        } catch {
            return try await show(visit, FormTrouble(error, visit))
        }
    }

    static func simulateAlert(_ visit: SeatVisit) async throws -> Response {
        let id: EnrolmentID = try visit.id("enrolment")
        let typed = TypedAlert(try await visit.form())
        do {
            let enrolment = try await service(visit).find(id, by: visit.principal)
            let body = try typed.request(for: enrolment)
            let alert = try await visit.base.site.services.alerts.simulate(
                AlertSimulation(body), organisation: body[SimulationRequest.organisationID],
                enrolment: body[SimulationRequest.enrolmentID], by: visit.principal,
                now: visit.now)
            return visit.redirect(to: "/alerts/\(alert.id.text)", Notice("simulated"))
        } catch {
            return try await show(visit, FormTrouble(error, visit), typed: typed)
        }
    }

    /// What a form says of an alert to simulate.
    struct TypedAlert: Sendable {
        let status: String?
        let amount: String?
        let currency: String
        let isMatched: Bool
        /// The rest, by the names of the request's members.
        let details: [String: String]

        /// What can be said of the transaction besides.
        static let detailFields: [(name: String, label: String, hint: String?)] = [
            (
                "transaction_acquirer_reference_number", "Acquirer reference number (ARN)",
                "23 digits."
            ),
            ("transaction_authorisation_code", "Authorisation code", nil),
            ("transaction_card_bin", "Card BIN", "6 to 8 digits."),
            ("transaction_card_last4", "Last 4 digits of the card", nil),
            ("transaction_statement_descriptor", "Statement descriptor", nil),
            (
                "transaction_authorised_at", "Authorised at",
                "As 2026-02-17T09:59:05Z. Seven days ago, if you do not say."
            ),
        ]

        init(_ form: FormFields) {
            status = form.text("status")
            amount = form.text("amount")
            currency = form.text("currency_code")?.uppercased() ?? "USD"
            isMatched = form.isSet("match")
            let said = Self.detailFields.compactMap { field in
                form.text(field.name).map { (field.name, $0) }
            }
            details = Dictionary(said) { $1 }
        }

        /// - Throws: ``FormErrors``.
        func request(for enrolment: Enrolment) throws -> RequestObject {
            let currency = Currency(code: currency)
            let minor = amount.map { amount in
                // What is no amount goes on as it is: the declaration refuses it.
                currency.flatMap { DecimalAmount.minorUnits(amount, in: $0) }.map(String.init)
                    ?? "-"
            }
            do {
                return try SimulationRequest.alert.decode(
                    [
                        ("organisation_id", .text(enrolment.organisationID.text)),
                        ("enrolment_id", .text(enrolment.id.text)), ("status", .text(status)),
                        ("amount_in_cents", .number(minor)),
                        ("currency_code", .text(self.currency)), ("match", .flag(isMatched)),
                    ] + details.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
            } catch let errors as FormErrors {
                throw FormErrors(
                    errors.fields.map { field, message in
                        field == "amount_in_cents"
                            ? (field, "must be an amount of that currency, such as 49.00")
                            : (field, message)
                    })
            }
        }
    }
}
