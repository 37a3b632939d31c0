/** The icon of the ERP: a gate and what it keeps, 128 by 128. It stands here because a file in storage would cost a call of Convex. */
import { httpAction } from "../_generated/server";

// prettier-ignore
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAIAAAACACAMAAAD04JH5AAAAP1BMVEUAAAAfTl8fTl8fTl8fTl8fTl8fTl8fTl8fTl87ZHNXeodzkJuPp6+rvcPH09fj6ev///85W12jkFPYq07yuEsU0lYsAAAACHRSTlMAIEBggJ+/34AXItgAAALqSURBVHja7ZvpcuowDIWdxfuWAO//rJ3b0g4EO7HkYDFzfX6D9UU+ciCRGEtpmDkXUp0mKTifB1aoYT4x9KNEEcP0puh3hukg/CjUmyVG0vD7CLNqpDkdn6tm4invC9VQ4qUeRqmaSm6NIFRjCbL9T/pgVgR6qIVBkWigM8DGBpMi0m8lSCoASejABx8OilD/fDhSAoxVZ5DWxjpnjdZVe4CyoPUhLg+KwVukDeEW0C4sSQWnESaA1oDJRL8zGPAe8BPDIxA46Bg+Dg9GEAAPloUHIgAA/AKQLy+DUuvHBaRQWhCFAAYYf1miORPALQi58wD8gpI/CyAsSIVzALLXH2PwzvkQY0UOGHL/o38ymfER6YNDAJtcN1FkJklqawFMKvya/uyaQtB1AInzx+8sqV/9EnUVQICeLwZaCgy2XNTwM9tUAEREYb9kLeIBLO4e5yGVwAAJCIU3uG0OIhbAQVK5R+5wABrqv7wTNQrAQcy8Xz4OBRARd/cMfcAAPO9AXGEAa+kesMJrACZg+3WLAAjICkjuYEAA1CVgm4IVDGDxJZAqBAsG8JU7sNkDDwaIqD868EtgRRYwGABzIgDqGczzQQIFKPv2voqugVXl737qXa63X10va9pGpgbg4IfA5faoS/oogwJYQBFcnwCu6TKwQAAHOAdvz4Kt0QE6QAfoAB2gAwABkrf+lgDJW39LgOStvyVAMlYH6AAdoAN0gA7QATpAB+gA/xVA8md57jFdsz8muQeVzf6a5R7VVgFYUBtExRq5Vi5T/bqgbA2Z7aaLiJfWiDVEtp/QVL6uKFyD5xsaXcUru/I1+E5f908DWzSqQodrTLtNrcbaqvAFawyEneXq3mA/UwLMn9DazSgBPqK9n37AgW7E42/2T9ImgCwFE+mg1WbUimDSaDNsJukMcJ/2aj3uN3zawCP9yOcHDL3Sj/3SDz5/n4pvRTgc/f6uh+k9dpR8Kh7AZ+M0nzj/LwWfp0zqvwCruGyT+/luXwAAAABJRU5ErkJggg==";

/** A day: what stands in the code changes with a deploy only. */
const headers = {
  "Content-Type": "image/png",
  "Cache-Control": "public, max-age=86400",
  "X-Content-Type-Options": "nosniff",
  "Access-Control-Allow-Origin": "*",
};

/** Answers `/icon.png`. */
export const icon = httpAction(() => {
  const bytes = Uint8Array.from(atob(PNG), (character) => character.charCodeAt(0));
  return Promise.resolve(new Response(bytes, { headers }));
});
