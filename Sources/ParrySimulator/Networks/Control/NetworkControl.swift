import ParryWire

/// What `/control` does: it sends and waits, so that its caller knows how the platform took it.
struct NetworkControl: Sendable {
    let desk: NetworkDesk
    let platform: PlatformClient
    let settings: NetworkSettings

    /// How the platform took one push.
    struct Pushed: Sendable {
        let exchange: PlatformExchange
        let reply: PlatformReply
        let acknowledgement: Acknowledgement

        func writeMembers(into json: inout JSONWriter) {
            let subjects = exchange.messages.map(\.subject)
            json.field("exchange", exchange.number)
            json.field("status", reply.status)
            json.field("failure", reply.failure)
            json.field("milliseconds", reply.milliseconds)
            json.field("acknowledged", subjects.filter { acknowledgement.refused[$0] == nil })
            json.field("notAcknowledged", subjects.filter { acknowledgement.refused[$0] != nil })
            json.field("faults", acknowledgement.faults)
        }
    }

    /// How the platform took one decision request.
    struct Asked: Sendable {
        let outcome: DecisionOutcome
        let reply: PlatformReply

        func writeMembers(into json: inout JSONWriter) {
            json.field("decisionId", outcome.decisionID)
            json.field("effective", outcome.effective)
            json.field("source", outcome.isFallback ? "FALLBACK" : "PLATFORM")
            json.field("reason", outcome.reason)
            json.field("status", reply.status)
            json.field("milliseconds", reply.milliseconds)
            json.field("faults", outcome.faults)
            json.key("answer")
            if (try? JSONDocument.parse(reply.body)) != nil {
                json.raw(reply.body)
            } else {
                json.null()
            }
        }
    }

    /// Pushes alerts; those that are not acknowledged are pushed again afterwards.
    func push(_ alerts: [PlatformMessage], isTooSlow: Bool = false) async -> Pushed {
        let opened = desk.change { state, now in
            let (exchange, actions) = state.push(alerts, at: now)
            return (exchange, actions)
        }
        var exchange = opened
        exchange.isTooSlow = isTooSlow
        return await send(exchange)
    }

    /// Sends a notice; it is sent again afterwards until it is acknowledged.
    func notify(_ notice: PlatformMessage) async -> Pushed {
        await send(
            desk.change { state, now in (state.open(.notifications, [notice], at: now), []) })
    }

    private func send(_ exchange: PlatformExchange) async -> Pushed {
        let reply = await platform.send(exchange, settings)
        let judged = desk.change { state, now in
            let concluded = state.conclude(exchange, reply, at: now)
            return (concluded.acknowledgement, concluded.actions)
        }
        return Pushed(exchange: exchange, reply: reply, acknowledgement: judged)
    }

    /// Asks for a decision.
    func ask(_ message: [UInt8]) async -> Asked {
        let id = desk.change { state, now in (state.ask(message, at: now), []) }
        let patience = settings.decisionTimeout + .seconds(SimulatorLimits.lateDecisionSeconds)
        let reply = await platform.post(
            message, to: "/networks/verifi/rdr/decisions", as: .verifi, within: patience)
        let outcome = desk.change { state, now in
            (state.conclude(decision: id, reply, at: now), [])
        }
        return Asked(outcome: outcome, reply: reply)
    }
}
