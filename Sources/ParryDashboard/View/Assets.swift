import Crypto
import HTTPTypes
import Hummingbird
import NIOCore

/// The style sheet, the script and the icon: served from the program itself, under names that change with what is in them.
enum Assets {
    private struct Asset: Sendable {
        let name: String
        let type: String
        let bytes: [UInt8]

        init(_ stem: String, _ ending: String, type: String, _ bytes: [UInt8]) {
            let digest = SHA256.hash(data: bytes).prefix(6)
            let mark = digest.map { String($0, radix: 36) }.joined()
            name = "\(stem).\(mark).\(ending)"
            self.type = type
            self.bytes = bytes
        }
    }

    private static let style = Asset(
        "style", "css", type: "text/css; charset=utf-8", PackageResources.style_css)
    private static let script = Asset(
        "script", "js", type: "text/javascript; charset=utf-8", PackageResources.script_js)
    private static let icon = Asset("icon", "svg", type: "image/svg+xml", PackageResources.icon_svg)

    static let stylePath = "/dashboard/assets/" + style.name
    static let scriptPath = "/dashboard/assets/" + script.name
    static let iconPath = "/dashboard/assets/" + icon.name

    /// - Throws: ``Refusal`` for another name.
    static func response(_ name: String?) throws -> Response {
        guard let asset = [style, script, icon].first(where: { $0.name == name }) else {
            throw Refusal.unknownPage
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}
