import HTTPTypes
import Hummingbird
import ParryWire

/// `/control`: makes the networks do something. Only for callers on this machine.
///
/// * `POST /control/push` `{"alerts": [raw…], "repush": true}`: one push to the platform, waited
///   for; what is not acknowledged is pushed again afterwards unless `repush` is false.
/// * `POST /control/decisions`: one raw decision request, waited for.
/// * `POST /control/notifications`: one raw notice, waited for and sent again afterwards until
///   acknowledged.
/// * `POST /control/play`, `POST /control/mixture`: scenarios (``PlayRunner``).
/// * `POST /control/misbehave` and `GET`: ``Misbehaviour`` as a whole, and what is left of it.
/// * `POST /control/feed` `{"path", "rate", "batch"}`: streams a file of alerts; how far it is
///   stands in the summary.
struct ControlRoutes: Sendable {
    let control: NetworkControl

    func add(to router: Router<NetworkContext>) {
        add("push", to: router, push)
        add("decisions", to: router, ask)
        add("notifications", to: router, notify)
        add("play", to: router, play)
        add("mixture", to: router, mixture)
        add("misbehave", to: router, misbehave)
        add("feed", to: router, feed)
        router.get("/control/misbehave") { _, context in
            guard context.isLocal else { return Response(Self.forbidden) }
            return Response(misbehaviour)
        }
    }

    private static let forbidden = NetworkAnswer.errors(
        ["/control is for callers on this machine"], status: 403)

    private func add(
        _ name: String, to router: Router<NetworkContext>,
        _ handler: @escaping @Sendable ([UInt8]) async throws -> NetworkAnswer
    ) {
        router.post("/control/\(name)") { request, context in
            guard context.isLocal else { return Response(Self.forbidden) }
            guard let body = try await request.bytes(upTo: SimulatorLimits.controlBytesMax) else {
                return Response(.errors(["the body is too large"], status: 413))
            }
            do {
                return Response(try await handler(body))
            } catch let refusal as ControlRefusal {
                return Response(.errors(refusal.reasons, status: refusal.status))
            }
        }
    }

    private func push(_ body: [UInt8]) async throws -> NetworkAnswer {
        let alerts = try ControlRequests.push(body)
        if control.desk.read({ $0.isFull(for: alerts.count) }) {
            throw ControlRefusal(status: 429, reasons: ["more alerts than the networks remember"])
        }
        let pushed = await control.push(alerts)
        return .object { pushed.writeMembers(into: &$0) }
    }

    private func ask(_ body: [UInt8]) async throws -> NetworkAnswer {
        let asked = await control.ask(try ControlRequests.decision(body))
        return .object { asked.writeMembers(into: &$0) }
    }

    private func notify(_ body: [UInt8]) async throws -> NetworkAnswer {
        let pushed = await control.notify(try ControlRequests.notice(body))
        return .object { pushed.writeMembers(into: &$0) }
    }

    private func play(_ body: [UInt8]) async throws -> NetworkAnswer {
        let runner = PlayRunner(control: control)
        let played =
            switch try ControlRequests.play(body) {
            case .begin(let wish): await runner.begin(wish)
            case .resume(let token): await runner.resume(token)
            }
        guard let played else {
            throw ControlRefusal(status: 404, reasons: ["no play waits for this token"])
        }
        var json = JSONWriter()
        played.write(into: &json)
        return NetworkAnswer(status: 200, body: json.bytes)
    }

    private func mixture(_ body: [UInt8]) async throws -> NetworkAnswer {
        let runner = PlayRunner(control: control)
        var json = JSONWriter()
        json.beginObject()
        json.key("plays")
        json.beginArray()
        for wish in try ControlRequests.mixture(body) {
            await runner.begin(wish).write(into: &json)
        }
        json.endArray()
        json.endObject()
        return NetworkAnswer(status: 200, body: json.bytes)
    }

    private func misbehave(_ body: [UInt8]) async throws -> NetworkAnswer {
        let wanted = try ControlRequests.misbehaviour(body)
        control.desk.change { state, _ in
            state.misbehaviour = wanted
            return ((), [])
        }
        return misbehaviour
    }

    private var misbehaviour: NetworkAnswer {
        var json = JSONWriter()
        control.desk.read { $0.misbehaviour }.write(into: &json)
        return NetworkAnswer(status: 200, body: json.bytes)
    }

    private func feed(_ body: [UInt8]) async throws -> NetworkAnswer {
        let wanted = try ControlRequests.feed(body)
        let feed = control.desk.change { state, _ in
            guard
                let started = state.start(
                    path: wanted.path, rate: wanted.rate, batch: wanted.batch)
            else { return (nil as AlertFeed?, []) }
            return (started.feed, started.actions)
        }
        guard let feed else {
            throw ControlRefusal(status: 429, reasons: ["too many feeds are running"])
        }
        return .object(status: 202) { $0.field("feed", feed.number) }
    }
}
