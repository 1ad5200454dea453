package import ParryWire

/// What the platform may ask of the networks (NETWORKS.md, "Outbound").
package enum NetworkRequest: Sendable, Equatable {
    case ethocaEnrol
    case ethocaRemove(String)
    case ethocaOutcomes
    case verifiEnrol
    case verifiRemove(String)
    case verifiPublish(String)

    /// Finds the request of a method and a path; nil when NETWORKS.md has none.
    package init?(method: String, path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let id = parts.count == 3 ? String(parts.last ?? "") : nil
        switch (method, Array(parts.prefix(2)), id) {
        case ("POST", ["ethoca", "descriptors"], nil): self = .ethocaEnrol
        case ("DELETE", ["ethoca", "descriptors"], .some(let id)): self = .ethocaRemove(id)
        case ("POST", ["ethoca", "outcomes"], nil): self = .ethocaOutcomes
        case ("POST", ["verifi", "enrolments"], nil): self = .verifiEnrol
        case ("DELETE", ["verifi", "enrolments"], .some(let id)): self = .verifiRemove(id)
        case ("PUT", ["verifi", "rulesets"], .some(let id)): self = .verifiPublish(id)
        default: return nil
        }
        guard parts.count <= 3 else { return nil }
    }
}

/// The door for the platform's requests.
extension NetworkState {
    /// Answers a request.
    ///
    /// - Parameter request: nil for one that NETWORKS.md does not know.
    package mutating func take(
        _ request: NetworkRequest?, of network: LedgerEntry.Network, _ body: [UInt8],
        at now: Timestamp
    ) -> NetworkStep {
        if misbehaviour.take(\.unavailable) {
            return NetworkStep(.errors(["the network is not available"], status: 503))
        }
        let step = step(request, network, body, now)
        for entry in step.entries { keep(entry) }
        return step
    }

    private mutating func step(
        _ request: NetworkRequest?, _ network: LedgerEntry.Network, _ body: [UInt8],
        _ now: Timestamp
    ) -> NetworkStep {
        switch request {
        case .ethocaEnrol: ethoca.enrol(body, at: now, &misbehaviour)
        case .ethocaRemove(let id): ethoca.remove(id, at: now)
        case .ethocaOutcomes: ethoca.takeOutcomes(body, at: now, &misbehaviour)
        case .verifiEnrol: verifi.enrol(body, at: now, &misbehaviour)
        case .verifiRemove(let id): verifi.remove(id, at: now)
        case .verifiPublish(let id): verifi.publish(body, of: id, at: now)
        case nil:
            .refused(
                ["NETWORKS.md has no such request"], network, body, at: now, status: 404)
        }
    }

    /// Refuses who does not show the token.
    package mutating func refuse(
        _ network: LedgerEntry.Network, at now: Timestamp
    ) -> NetworkStep {
        let step = NetworkStep.refused(
            ["the token is missing or wrong"], network, [], at: now, status: 401)
        for entry in step.entries { keep(entry) }
        return step
    }

    /// Refuses a body that is larger than any that NETWORKS.md knows.
    package mutating func refuseTooLarge(
        _ network: LedgerEntry.Network, at now: Timestamp
    ) -> NetworkStep {
        let step = NetworkStep.refused(
            ["the body is too large"], network, [], at: now, status: 413)
        for entry in step.entries { keep(entry) }
        return step
    }
}
