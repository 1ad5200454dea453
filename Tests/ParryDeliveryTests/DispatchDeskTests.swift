import Logging
import ParryDomain
import ParryService
import ParryWire
import Testing

@testable import ParryDelivery

@Suite("What the dispatcher holds")
struct DispatchDeskTests {
    private let now = Timestamp(milliseconds: 1_771_322_400_000)

    @Test("What comes when the dispatcher has ended is kept, and nothing follows of it")
    func kept() throws {
        let inbox = DispatchInbox()
        let client = WebhookClient(targets: WebhookTargets(), trustRoots: [])
        let desk = DispatchDesk(
            client, inbox, DeliveryMetrics(), Logger(label: "test"), { [now] in now })
        let parcels = (0..<3).map { _ in
            DeliveryQueue.Parcel.sample(.make(at: now, slot: 0), at: now)
        }
        _ = desk.actions(after: .wake)
        inbox.finish()
        desk.tell(.exchangeFailed([.sample(of: parcels[0], at: now)]))
        desk.tell(.claimed(.init(parcels: [parcels[1]])))
        desk.tell(.aborted(parcels[2]))
        let held = desk.stop()
        #expect(held.ended.map(\.delivery.id) == [parcels[0].claimed.id])
        #expect(held.released.map(\.claimed.id) == parcels.dropFirst().map(\.claimed.id))
        #expect(held.plan.waiting == 0)
    }
}
