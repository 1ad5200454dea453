/// A play that has been begun, and where it stands.
package struct PlayProgress: Sendable {
    /// What the caller shows to go on.
    package let token: String
    package let play: Play
    /// The first step that was not taken.
    package var next = 0
    /// Whose orders the seller's steps are; empty for the caller to fill in.
    package var organisationID = ""
    package var integrationID = ""
    /// The sale as the caller has it at the platform already; nil when it has to be uploaded.
    package var uploaded: SoldTransaction?

    /// The step to take now; steps of the seller that are done already are passed over.
    mutating func step() -> Play.Step? {
        while next < play.steps.count {
            if case .uploadOrders(let sales) = play.steps[next], !sales.isEmpty,
                sales.allSatisfy({ $0 == uploaded })
            {
                next += 1
                continue
            }
            return play.steps[next]
        }
        return nil
    }
}

/// Plays that wait for their seller, by token; bounded, the oldest is forgotten.
package struct WaitingPlays: Sendable {
    private var waiting: [String: PlayProgress] = [:]
    private var order: [String] = []
    private var begun = 0

    /// Begins a play.
    mutating func begin(_ play: Play) -> PlayProgress {
        begun += 1
        return PlayProgress(token: "play-\(begun)", play: play)
    }

    mutating func keep(_ progress: PlayProgress) {
        waiting[progress.token] = progress
        order.append(progress.token)
        guard order.count > SimulatorLimits.playsWaitingMax else { return }
        waiting[order.removeFirst()] = nil
    }

    mutating func take(_ token: String) -> PlayProgress? {
        order.removeAll { $0 == token }
        return waiting.removeValue(forKey: token)
    }
}

extension NetworkState {
    /// Begins a play; nothing of it is done yet.
    package mutating func begin(_ play: Play) -> PlayProgress {
        plays.begin(play)
    }

    /// Keeps a play until its caller has done the seller's step.
    package mutating func keep(_ progress: PlayProgress) {
        plays.keep(progress)
    }

    /// Hands a waiting play over; nil for a token of none.
    package mutating func takePlay(_ token: String) -> PlayProgress? {
        plays.take(token)
    }

    /// From here on outcomes of a play's alerts are answered like this.
    package mutating func wish(_ answer: Play.OutcomeAnswer, for play: Play) {
        for truth in play.truth where truth.network == .ethoca {
            ethoca.wishes[truth.alertID] = answer
        }
    }
}
