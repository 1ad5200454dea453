import HTTPTypes
import Hummingbird

/// `/ethoca` and `/verifi`: what the platform sees of the networks. Everything that comes here is
/// judged, unknown paths too.
struct NetworkRoutes: Sendable {
    let desk: NetworkDesk
    /// What the platform has to show; nil when anything goes.
    let token: String?

    func add(to router: Router<NetworkContext>) {
        let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete]
        for method in methods {
            router.on("/ethoca/**", method: method) { request, _ in
                try await take(request, .ethoca)
            }
            router.on("/verifi/**", method: method) { request, _ in
                try await take(request, .verifi)
            }
        }
    }

    private func take(
        _ request: Request, _ network: LedgerEntry.Network
    ) async throws -> Response {
        let body = try await request.bytes(upTo: SimulatorLimits.requestBytesMax)
        let isAllowed =
            token.map { request.headers[.authorization] == "Bearer \($0)" } ?? true
        let wanted = NetworkRequest(method: request.method.rawValue, path: request.uri.path)
        let (answer, slowSeconds) = desk.change { state, now in
            let step =
                if !isAllowed {
                    state.refuse(network, at: now)
                } else if let body {
                    state.take(wanted, of: network, body, at: now)
                } else {
                    state.refuseTooLarge(network, at: now)
                }
            return ((step.answer, state.misbehaviour.slowSeconds), step.actions)
        }
        if slowSeconds > 0 { try await Task.sleep(for: .seconds(slowSeconds)) }
        return Response(answer)
    }
}
