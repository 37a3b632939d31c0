import { httpRouter } from "convex/server";
import { httpAction } from "./_generated/server";

const http = httpRouter();

http.route({
  path: "/health",
  method: "GET",
  handler: httpAction(async () => new Response("ok")),
});

http.route({
  pathPrefix: "/webhooks/",
  method: "POST",
  handler: httpAction(async (_ctx, request) => {
    const text = await request.text();
    return new Response(String(text.length), { status: 200 });
  }),
});

// Convex expects the router to be the default export of `convex/http.js`.
export default http;
