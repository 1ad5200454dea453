import ParryWire
import UnixSignals

/// The desk at a terminal: takes keys, reads anew, does what is asked, and draws; until it is quit.
///
/// One loop owns the state. Everything else (keys, time, signals, the database, the platform) sends events to it.
package struct DeskSession: Sendable {
    private let environment: PartnerEnvironment
    private let reader: DeskReader
    private let deeds: DeskDeeds

    private static let tick: Duration = .seconds(1)
    private static let reload: Duration = .seconds(2)

    private enum Event: Sendable {
        case keys([DeskKey])
        /// The input ended, or a signal asks to leave.
        case leave
        case draw
        case model(DeskModel)
        case detail(DeskDetail)
        /// It was read because a key asked for it.
        case renewed(DeskDetail, DeskState.Notice?)
        case done(DeskState.Notice)
        /// A deed of a person is over.
        case acted(DeskState.Notice, id: String)
    }

    private typealias Events = AsyncStream<Event>.Continuation

    package init(_ environment: PartnerEnvironment) {
        self.environment = environment
        reader = DeskReader(environment)
        deeds = DeskDeeds(environment)
    }

    /// Runs until it is quit. The terminal is as before then, whatever happens.
    package func run() async throws {
        var model = try await reader.model()
        let terminal = try DeskTerminal()
        defer { terminal.restore() }
        let (stream, events) = AsyncStream.makeStream(of: Event.self)
        let keyboard = DeskKeyboard()
        keyboard.begin { events.yield($0.map { .keys($0) } ?? .leave) }
        defer { keyboard.end() }
        await withTaskGroup(of: Void.self) { group in
            begin(events, &group)
            var state = DeskState()
            draw(&state, model, terminal)
            for await event in stream {
                guard take(event, &state, &model, events, &group) else { break }
                draw(&state, model, terminal)
            }
            group.cancelAll()
        }
    }

    private func draw(_ state: inout DeskState, _ model: DeskModel, _ terminal: DeskTerminal) {
        let frame = DeskScreen(state, model, at: .now(), size: terminal.size).frame()
        state.see(frame)
        terminal.show(frame)
    }

    /// Time, signals and the database.
    private func begin(_ events: Events, _ group: inout TaskGroup<Void>) {
        group.addTask {
            while (try? await ContinuousClock().sleep(for: Self.tick)) != nil {
                events.yield(.draw)
            }
        }
        group.addTask {
            while (try? await ContinuousClock().sleep(for: Self.reload)) != nil {
                await load(events)
            }
        }
        group.addTask {
            let signals = await UnixSignalsSequence(
                trapping: .sigint, .sigterm, .sighup, .sigwinch)
            for await signal in signals {
                events.yield(signal == .sigwinch ? .draw : .leave)
            }
        }
    }

    private func load(_ events: Events) async {
        guard !Task.isCancelled else { return }
        do {
            events.yield(.model(try await reader.model()))
        } catch {
            events.yield(.done(DeskState.Notice("The database: \(error)", isGood: false)))
        }
    }

    /// - Returns: Whether it goes on.
    private func take(
        _ event: Event, _ state: inout DeskState, _ model: inout DeskModel, _ events: Events,
        _ group: inout TaskGroup<Void>
    ) -> Bool {
        switch event {
        case .leave: return false
        case .draw: return true
        case .keys(let keys):
            for key in keys {
                guard let command = state.take(key, model) else { continue }
                guard begin(command, events, &group) else { return false }
            }
        case .model(let next):
            let detail = model.detail
            model = next
            model.detail = detail
        case .detail(let detail):
            if state.openID == detail.alert.id { model.detail = detail }
        case .renewed(let detail, let notice):
            if state.openID == detail.alert.id { model.detail = detail }
            state.notice = notice
        case .done(let notice): state.notice = notice
        case .acted(let notice, let id):
            state.busy = nil
            state.notice = notice
            if state.openID == id { group.addTask { await read(id, events) } }
        }
        return true
    }

    private func begin(
        _ command: DeskRequest, _ events: Events, _ group: inout TaskGroup<Void>
    ) -> Bool {
        switch command {
        case .quit: return false
        case .poll: group.addTask { await poll(events) }
        case .read(let id): group.addTask { await read(id, events) }
        case .renew(let id): group.addTask { await renew(id, events) }
        case .act(let plan): group.addTask { await act(plan, events) }
        }
        return true
    }
}

extension DeskSession {
    private func act(_ plan: DeskPlan, _ events: Events) async {
        var notice: DeskState.Notice
        do {
            notice = try await deeds.perform(plan)
        } catch {
            notice = DeskState.Notice("\(error)", isGood: false)
        }
        await load(events)
        events.yield(.acted(notice, id: plan.alert.id))
    }

    private func poll(_ events: Events) async {
        var notice = DeskState.Notice("The platform was asked.", isGood: true)
        do {
            try await AlertPoller(
                environment: environment, alerts: AlertWorker(environment)
            ).poll()
        } catch {
            notice = DeskState.Notice("\(error)", isGood: false)
        }
        await load(events)
        events.yield(.done(notice))
    }

    /// Reads an alert with everything about it.
    private func read(_ id: String, _ events: Events) async {
        do {
            events.yield(.detail(try await reader.detail(id)))
            await load(events)
        } catch {
            events.yield(.done(DeskState.Notice("\(error)", isGood: false)))
        }
    }

    /// Goes on with what is due, as when no daemon runs, and reads the alert anew.
    private func renew(_ id: String, _ events: Events) async {
        do {
            let notice = try await deeds.resume(id)
            events.yield(.renewed(try await reader.detail(id), notice))
            await load(events)
        } catch {
            events.yield(.done(DeskState.Notice("\(error)", isGood: false)))
        }
    }
}
