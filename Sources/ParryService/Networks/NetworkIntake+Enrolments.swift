import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// What a network says about an enrolment.
package struct EnrolmentResult: Sendable, Hashable {
    /// By whom; each has its own kind of result.
    package enum Content: Sendable, Hashable {
        case ethoca([DescriptorResult])
        case verifi(AcquirerResult)
    }

    /// Our request's id, which the network repeats.
    package let requestID: String
    package let content: Content

    package init(requestID: String, content: Content) {
        self.requestID = requestID
        self.content = content
    }

    var network: CardNetwork {
        switch content {
        case .ethoca: .ethoca
        case .verifi: .verifi
        }
    }
}

extension NetworkIntake {
    /// Takes in a network's result about an enrolment; returns once it is durable. The same message again changes
    /// nothing.
    ///
    /// - Parameters:
    ///   - key: What tells this message from others of the enrolment.
    ///   - body: The message as it came.
    /// - Returns: Whether the request is one of ours, in this mode.
    package func receive(
        _ result: EnrolmentResult, key: String, body: [UInt8], mode: AccountMode, now: Timestamp
    ) async throws -> Bool {
        let message = NetworkMessageStore.Key(
            mode: mode, network: result.network, kind: .enrolment, networkID: key)
        let isOurs = try await database.write { tx -> Bool in
            let request = try NetworkRequestID(result.requestID).flatMap {
                try NetworkRequestStore.find($0, mode: mode, tx)
            }
            guard
                let id = try NetworkMessageStore.insert(message, body: body, receivedAt: now, tx)
            else { return request != nil }
            let isRight = request?.kind == .enrol && request?.network == result.network
            let subject = isRight ? request?.subjectID : nil
            try NetworkMessageStore.settle(id, message, subject: subject, tx)
            guard let subject else { return false }
            let progress = EnrolmentProgress(mode: mode, now: now)
            return try progress.change(EnrolmentID(stored: subject), tx) { enrolment, now in
                switch result.content {
                case .ethoca(let descriptors): enrolment.apply(descriptors, now: now)
                case .verifi(let acquirer): enrolment.apply(acquirer, now: now)
                }
            }
        }
        wake()
        return isOurs
    }
}
