import ParryWire

/// Takes a play's steps one after another until the seller has to do something.
///
/// The networks' steps are done here. At a step of the seller (an upload, a patch) the play stops:
/// the answer says what to do under `next` and has a `resume` token; whoever has done it shows the
/// token, and the play goes on. Both are null at the end.
struct PlayRunner: Sendable {
    let control: NetworkControl

    /// What was done, and where the play stands.
    struct Played: Sendable {
        let progress: PlayProgress
        let done: [[UInt8]]
        let next: [UInt8]?

        func write(into json: inout JSONWriter) {
            json.beginObject()
            json.field("scenario", progress.play.scenario)
            json.key("played")
            json.beginArray()
            for step in done { json.raw(step) }
            json.endArray()
            json.key("next")
            if let next { json.raw(next) } else { json.null() }
            json.field("resume", next == nil ? nil : progress.token)
            json.key("truth")
            json.beginArray()
            for truth in progress.play.truth { truth.write(into: &json) }
            json.endArray()
            json.endObject()
        }
    }

    /// Begins a play.
    func begin(_ wish: PlayWish) async -> Played {
        var progress = control.desk.change { state, now in (state.begin(wish.play(at: now)), []) }
        progress.organisationID = wish.order.organisationID
        progress.integrationID = wish.order.integrationID
        progress.uploaded = wish.order.isUploaded ? wish.order.sale : nil
        return await goOn(progress)
    }

    /// Goes on with a play whose seller has done its step; nil for a token of none.
    func resume(_ token: String) async -> Played? {
        let progress = control.desk.change { state, _ in (state.takePlay(token), []) }
        guard let progress else { return nil }
        return await goOn(progress)
    }

    private func goOn(_ progress: PlayProgress) async -> Played {
        var progress = progress
        var done: [[UInt8]] = []
        while let step = progress.step() {
            progress.next += 1
            if let task = SellerTask.json(step, progress) {
                let waiting = progress
                control.desk.change { state, _ in (state.keep(waiting), []) }
                return Played(progress: progress, done: done, next: task)
            }
            if let result = await take(step, of: progress.play) { done.append(result) }
        }
        return Played(progress: progress, done: done, next: nil)
    }

    private func take(_ step: Play.Step, of play: Play) async -> [UInt8]? {
        switch step {
        case .uploadOrders, .uploadOrdersLate, .patchOrder: return nil
        case .pushEthoca(let alerts, let acknowledgement):
            return await push(alerts, acknowledgement)
        case .askDecision(let message):
            let asked = await control.ask(message.json)
            return Self.object("ASK_DECISION") { asked.writeMembers(into: &$0) }
        case .notify(let expected):
            let notice = PlatformMessage(
                subject: expected.caseID, body: expected.json, word: expected.status.rawValue)
            let truthful = control.desk.read { $0.truthful(notice) }
            let pushed = await control.notify(truthful)
            return Self.object("NOTIFY") { json in
                json.field("notified", truthful.word)
                pushed.writeMembers(into: &json)
            }
        case .answerOutcomes(let answer):
            control.desk.change { state, _ in (state.wish(answer, for: play), []) }
            return Self.object("ANSWER_OUTCOMES") { $0.field("with", "\(answer)") }
        }
    }

    /// After a slow acknowledgement the play itself pushes again, so the network does not.
    private func push(
        _ alerts: [EthocaAlertMessage], _ acknowledgement: Play.Acknowledgement
    ) async -> [UInt8] {
        let isSlow = acknowledgement == .slow
        let messages = alerts.map { alert in
            PlatformMessage(subject: alert.alertID, body: alert.json, isRepeated: !isSlow)
        }
        let pushed = await control.push(messages, isTooSlow: isSlow)
        return Self.object("PUSH_ALERTS") { pushed.writeMembers(into: &$0) }
    }

    private static func object(
        _ step: String, _ write: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        NetworkAnswer.object { json in
            json.field("step", step)
            write(&json)
        }.body
    }
}

/// What a seller has to do before a play goes on.
enum SellerTask {
    /// The task as JSON; nil for a step of the networks.
    ///
    /// `UPLOAD_ORDERS` and `UPLOAD_ORDERS_LATE` have `orders` for `POST /v1/orders`; `PATCH_ORDER`
    /// has the order's `reference_id` and the `body` of its PATCH.
    static func json(_ step: Play.Step, _ progress: PlayProgress) -> [UInt8]? {
        switch step {
        case .uploadOrders(let sales): upload("UPLOAD_ORDERS", sales, progress)
        case .uploadOrdersLate(let sales): upload("UPLOAD_ORDERS_LATE", sales, progress)
        case .patchOrder(let reference, let body):
            NetworkAnswer.object { json in
                json.field("task", "PATCH_ORDER")
                json.field("reference_id", reference)
                json.key("body")
                json.raw(body)
            }.body
        case .pushEthoca, .askDecision, .notify, .answerOutcomes: nil
        }
    }

    private static func upload(
        _ task: String, _ sales: [SoldTransaction], _ progress: PlayProgress
    ) -> [UInt8] {
        NetworkAnswer.object { json in
            json.field("task", task)
            json.key("orders")
            json.beginArray()
            for sale in sales {
                json.raw(
                    sale.order(
                        organisationID: OrganisationID(stored: progress.organisationID),
                        integrationID: IntegrationID(stored: progress.integrationID)))
            }
            json.endArray()
        }.body
    }
}
