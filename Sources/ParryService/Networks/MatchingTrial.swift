package import ParryDatabase
package import ParryDomain
import ParryMatching
import ParryStore
package import ParryWire

/// Matching alone, on alerts that are not taken in: for measuring how well it does.
package struct MatchingTrial: Sendable {
    private let database: any Database
    private let mode: MatchingMode

    package init(database: any Database, mode: MatchingMode) {
        self.database = database
        self.mode = mode
    }

    /// What matching says.
    package struct Verdict: Sendable, Hashable {
        package let outcome: MatchOutcomeWord
        /// EXACT, HIGH or LOW; nil without a match.
        package let confidence: String?
        /// The matched transaction's reference.
        package let reference: String?
    }

    /// Looks for an alert's sale among those of some merchants, as taking it in would.
    package func match(
        _ alert: NetworkAlert, of merchants: [MerchantID], in organisation: OrganisationID
    ) async throws -> Verdict {
        var settings = OrganisationSettings.standard
        settings.matchingMode = mode
        let enrolment = Enrolment.create(
            .ethocaAlert([]), merchantIDs: merchants, organisationID: organisation,
            now: Moment(alert.alertedAt))
        let judgement = AlertJudgement(enrolment: enrolment, isLive: true, settings: settings)
        let verdict = try await database.lookUp { try judgement.match(alert, $0).verdict }
        return Verdict(
            outcome: verdict.outcomeWord, confidence: verdict.confidence?.rawValue,
            reference: verdict.winner?.candidate.referenceID)
    }
}
