/// What happens round one sale, in order: what the seller uploads, what the networks send, how they
/// answer, and what is true in the end.
package struct Play: Sendable {
    /// When the network's acknowledgement arrives.
    package enum Acknowledgement: Sendable, Hashable {
        case prompt
        /// Too late for the network, which pushes the same alerts again: the next step.
        case slow
    }

    /// How the network answers the outcomes of this play's alerts.
    package enum OutcomeAnswer: Sendable, Hashable {
        case success
        /// A recoverable error this many times, then success.
        case recoverable(times: Int)
        /// The outcome counts, but this many answers are lost on the way: the platform has to send
        /// it again, and the first final outcome stays (NETWORKS.md).
        case lost(times: Int)
        /// An error that no repetition mends.
        case final
    }

    /// One step; a play's steps are taken one after another.
    package enum Step: Sendable {
        /// The seller uploads sales before the alert.
        case uploadOrders([SoldTransaction])
        /// The seller uploads sales that should have been there before their alert.
        case uploadOrdersLate([SoldTransaction])
        /// The seller patches the order of this reference with a body of `PATCH
        /// /v1/orders/{order_id}`.
        case patchOrder(reference: String, body: [UInt8])
        /// Ethoca pushes alerts in one request.
        case pushEthoca([EthocaAlertMessage], acknowledgement: Acknowledgement)
        /// Verifi asks for a decision.
        case askDecision(VerifiDecisionMessage)
        /// Verifi tells what became of a case.
        case notify(VerifiNotificationMessage)
        /// From here on Ethoca answers outcomes like this.
        case answerOutcomes(with: OutcomeAnswer)
    }

    package var scenario: Scenario
    package var steps: [Step]
    /// One truth per alert id, in the order of the alerts.
    package var truth: [AlertTruth]

    /// Takes a scenario's steps and truths.
    package init(scenario: Scenario, steps: [Step], truth: [AlertTruth]) {
        self.scenario = scenario
        self.steps = steps
        self.truth = truth
    }
}
