/** Whether the АИС answers: switched by whoever tries what happens when it does not. */
export type PowerState = 'on' | 'off' | 'silent';
export const POWER_STATES = ['on', 'off', 'silent'] as const satisfies readonly PowerState[];

export type Power = {
  state(): PowerState;
  turn(state: PowerState): void;
};

export function powerSwitch(): Power {
  let current: PowerState = 'on';
  return {
    state: () => current,
    turn(state) {
      current = state;
    },
  };
}
