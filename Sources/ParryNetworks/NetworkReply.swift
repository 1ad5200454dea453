package import ParryDomain

/// What a network answered to one request.
package struct NetworkReply: Sendable, Equatable {
    /// nil when there was no answer.
    package let status: Int?
    package let body: [UInt8]
    /// Why there was none, in a few words.
    package let failure: String?

    package init(status: Int?, body: [UInt8] = [], failure: String? = nil) {
        self.status = status
        self.body = body
        self.failure = failure
    }

    /// What an answer without content means: a fault of the network's, or of the way there, passes; a request that
    /// it calls wrong will be wrong again.
    package var answerOfFailure: NetworkAnswer {
        guard let status else { return .recoverable(failure ?? "no answer") }
        let isWrong =
            (400..<500).contains(status) && ![401, 403, 404, 408, 425, 429].contains(status)
        return isWrong ? .final("status \(status)") : .recoverable("status \(status)")
    }
}
