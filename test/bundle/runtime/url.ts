/**
 * URLs as Convex has them: some setters end the function, and newer members of URLSearchParams are missing.
 *
 * @see https://github.com/get-convex/convex-backend npm-packages/udf-runtime/src/00_url.ts
 */
import { notImplemented } from "./lacking";

class ConvexURLSearchParams extends URLSearchParams {
  override get size(): number {
    return undefined as never;
  }

  override has(name: string): boolean {
    return super.has(name);
  }

  override delete(name: string): void {
    super.delete(name);
  }
}

class ConvexURL extends URL {
  override get origin(): string {
    return /^(ftp|https?|wss?):$/.test(this.protocol) ? super.origin : "null";
  }

  override get host(): string {
    return super.host;
  }

  override set host(_host: string) {
    notImplemented("set host", "URL");
  }

  override get username(): string {
    return super.username;
  }

  override set username(_username: string) {
    notImplemented("set username", "URL");
  }

  override get password(): string {
    return super.password;
  }

  override set password(_password: string) {
    notImplemented("set password", "URL");
  }
}

export { ConvexURL as URL, ConvexURLSearchParams as URLSearchParams };
