package import ParryWire

/// One action without the terminal's view: looks, asks, does.
package struct DeskErrand: Sendable {
    private let environment: PartnerEnvironment
    private let model: DeskModel

    package init(_ environment: PartnerEnvironment) {
        self.environment = environment
        model = DeskModel(environment.settings)
    }

    /// What would happen now, about the alert as the platform shows it now.
    ///
    /// - Throws: ``PartnerError`` where it cannot be done.
    package func plan(_ action: DeskAction, _ id: String, note: String?) async throws -> DeskPlan {
        _ = try await AlertWorker(environment).refresh(id)
        let plan = DeskPlan(action, try await DeskReader(environment).alert(id), note: note)
        if let obstacle = plan.obstacle(hasHook: model.hasHook) { throw PartnerError(obstacle) }
        return plan
    }

    /// What a person is to confirm.
    package func lines(_ plan: DeskPlan) -> [String] {
        ["\(model.mode.rawValue) \(model.environment): alert \(plan.alert.id)"]
            + plan.lines(hasHook: model.hasHook).map(DeskText.safe)
    }

    /// Does it.
    package func perform(_ plan: DeskPlan) async throws -> DeskState.Notice {
        try await DeskDeeds(environment).perform(plan)
    }
}

/// The machine's time, for commands.
package enum DeskClock {
    /// Now.
    package static func now() -> Timestamp { .now() }
}
