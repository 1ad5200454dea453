import ParryDomain
import ParryService

@testable import ParryDelivery

/// What is sent.
func sends(_ actions: [DispatchState.Action]) -> [DeliveryQueue.Parcel] {
    actions.compactMap { if case .send(let parcel) = $0 { parcel } else { nil } }
}

/// What is claimed or looked for.
func appetite(_ actions: [DispatchState.Action]) -> DeliveryAppetite? {
    actions.compactMap { action in
        switch action {
        case .exchange(_, let appetite), .look(let appetite): appetite
        default: nil
        }
    }.first
}

/// Each action in a word, with its counts.
func summary(_ actions: [DispatchState.Action]) -> [String] {
    actions.map { action in
        switch action {
        case .send: "send"
        case .exchange(let ended, let appetite): "exchange \(ended.count) \(appetite.room)"
        case .release(let parcels): "release \(parcels.count)"
        case .look: "look"
        case .pause(let pause): "pause \(pause)"
        case .startGracePeriod: "grace"
        case .cancelSends: "cancel"
        case .finish: "finish"
        }
    }
}
