import ParryDomain
import ParryWire

extension Problem {
    init(_ error: RulesetError) {
        switch error {
        case .alreadyHasRuleset:
            self.init(
                business: .enrolmentAlreadyHasRuleset,
                "Another ruleset decides for one of these enrolments. Change that one, or take the "
                    + "enrolment out of it first.")
        case .differentTypes:
            self.init(
                business: .enrolmentsDifferentTypes,
                "enrolment_ids must all be of the same type. Make one ruleset for each type.")
        case .differentOrganisations:
            self.init(
                business: .enrolmentsDifferentOrganisations,
                "enrolment_ids must all belong to organisation_id. Make one ruleset for each "
                    + "organisation.")
        case .duplicateEnrolments:
            self.init(
                business: .duplicateEnrolmentIDs,
                "enrolment_ids names an enrolment twice. Send each id once.")
        case .duplicateRuleType:
            self.init(
                business: .duplicateRuleType,
                "A ruleset has at most one rule of each type. Change the one that is there.")
        case .invalidParameters:
            self.init(
                business: .invalidRuleParameters,
                "An AMOUNT rule needs operator, currency_code and amount_in_cents; a DESCRIPTOR "
                    + "rule needs at least one descriptor with match_type STARTS_WITH or "
                    + "EXACT_MATCH.")
        case .unsupportedCurrency:
            self.init(
                business: .unsupportedRuleCurrency,
                "An AMOUNT rule compares US dollars; send currency_code USD. Other amounts are "
                    + "converted before they are compared.")
        case .unsupportedRuleType:
            self.init(
                business: .unsupportedRuleType, "type must be AMOUNT or DESCRIPTOR.")
        case .unsupportedOutcome:
            self.init(
                business: .unsupportedOutcome,
                "A ruleset of VERIFI_RDR enrolments cannot CANCEL. Use REFUND, REFUND_AND_CANCEL "
                    + "or ACCEPT_DISPUTE.")
        case .unsupportedEnrolment:
            self.init(
                business: .unsupportedEnrolment,
                "A VERIFI_RDR enrolment by ARNs cannot have a ruleset. Enrol with bin and caid.")
        case .rulesNotUpdatable:
            self.init(
                business: .rulesNotUpdatable,
                "rules cannot be changed here. Use POST, PATCH and DELETE under "
                    + "/v1/rulesets/{ruleset_id}/rules.")
        }
    }
}
